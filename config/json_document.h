// A JSON text as a flat document: keys with plain values, lists or tables of texts, some of them in sections. Everything
// of the JSON library in the daemon is in this one's source; errors tell line and column.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gossip/error.h"

#include "config/files.h"
#include "config/first_few.h"
#include "config/mistakes.h"

namespace gossip::config {

// What an entry of the document says, and where.
struct Entry {
  // A section comes before the entries in it.
  enum class Kind : std::uint8_t { Said, Null, Section };
  struct Repeated {
    std::string name;
    std::string origin;
  };

  std::string key;  // "" of a lone list, "section.key" in a section
  FileValue said;
  std::string origin;  // of the key: "path:line:column"
  Kind kind = Kind::Said;
  FirstFew<Repeated> repeated = {};  // keys in a table of texts that it has already
};

using TakeEntry = std::function<Expected<void>(Entry entry)>;
// Whether an object under this key of the outermost one is a section.
using IsSection = bool (*)(const std::string& key);

// An object whose values are plain, lists or objects of texts, or a lone list. The entries of an object that is a section
// count as entries of the outermost one, after one of its own. Deeper things become an `Other`, which no option takes.
// `take` is given each entry; what it complains of is a mistake, and so is what makes the text no such document:
// InvalidArgument, "path:line:column: …".
void read_json_document(std::string_view text, const std::string& path, Mistakes& mistakes,
                        IsSection is_section, const TakeEntry& take);

}  // namespace gossip::config
