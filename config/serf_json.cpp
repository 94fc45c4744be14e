#include "config/serf_json.h"

#include <algorithm>
#include <map>
#include <utility>

#include "config/first_few.h"
#include "config/json_document.h"
#include "config/options.h"
#include "config/origins.h"
#include "config/text.h"

namespace gossip::config {
namespace {

constexpr const char* kAsSerf = ", as with Serf";

bool no_sections(const std::string& /*key*/) {
  return false;
}

// The entries of a file of which each key counts once. A later one replaces what the file has said, lists, tables and
// sections too, as in Go; it is hardly ever meant, though.
class LastEntries {
 public:
  struct Known {
    const Option* option = nullptr;
    Entry entry;
  };

  // `key` is the option's, or a section's; without an option there is no value to keep.
  void take(const std::string& key, const Option* option, Entry entry) {
    const auto earlier = seen_.find(key);
    if (earlier != seen_.end()) {
      // Serf refuses a second spelling, and all of our sections.
      const bool as_serf = earlier->second.spelling == entry.key && option != nullptr &&
                           key.find('.') == std::string::npos;
      repeats_.add([&] {
        return blame(entry.origin, key) + ": stands at " + earlier->second.origin +
               " already; the last one counts" + (as_serf ? kAsSerf : "");
      });
      forget(key);
    }
    seen_[key] = {entry.key, entry.origin};
    for (const Entry::Repeated& again : entry.repeated.first()) {
      repeats_.add([&] {
        return blame(again.origin, key) + ": \"" + again.name +
               "\" stands there twice; the last one counts" + std::string(kAsSerf);
      });
    }
    repeats_.add_untold(entry.repeated.more_count());
    if (option != nullptr && entry.kind == Entry::Kind::Said) {
      known_.push_back({option, std::move(entry)});
    }
  }

  [[nodiscard]] const std::vector<Known>& known() const { return known_; }

  // A line for each of the first that stand there more than once, and one with the number of the others.
  void warn(const std::string& path, std::vector<std::string>& warnings) const {
    warnings.insert(warnings.end(), repeats_.first().begin(), repeats_.first().end());
    if (repeats_.more_count() > 0) {
      warnings.push_back(path + ": and " + std::to_string(repeats_.more_count()) +
                         " more that stand there already");
    }
  }

 private:
  struct Seen {
    std::string spelling;
    std::string origin;
  };

  // An entry, or a section with all that is in it.
  void forget(const std::string& key) {
    const auto is_of = [&key](std::string_view other) {
      return other == key || other.starts_with(key + ".");
    };
    std::erase_if(known_, [&](const Known& known) { return is_of(known.option->key); });
    std::erase_if(seen_, [&](const auto& seen) { return is_of(seen.first); });
  }

  FirstFew<std::string> repeats_;
  std::map<std::string, Seen> seen_;
  std::vector<Known> known_;
};

}  // namespace

void apply_serf_json(Settings& settings, std::string_view text, const std::string& path,
                     Mistakes& mistakes) {
  LastEntries entries;
  const auto take = [&](Entry entry) -> Expected<void> {
    if (entry.key.empty() && std::holds_alternative<Strings>(entry.said.value)) {
      return fail(ErrorCode::InvalidArgument, entry.origin + ": expected an object, got a list");
    }
    const std::string key = lower(entry.key);
    const Option* option = find_key(key);
    const bool is_whole_section = entry.kind != Entry::Kind::Said && is_section(key);
    if (option != nullptr || is_whole_section) {
      entries.take(key, option, std::move(entry));
    } else if (entry.kind != Entry::Kind::Null) {
      add_unknown_key(entry.origin, entry.key, mistakes);
    }
    return {};
  };
  const auto section = [](const std::string& key) { return is_section(lower(key)); };
  read_json_document(text, path, mistakes, section, take);
  entries.warn(path, settings.warnings);
  for (const auto& [option, entry] : entries.known())
    apply_value(settings, *option, entry.said, entry.origin, mistakes);
}

Expected<Tags> parse_json_map(std::string_view text, const std::string& path) {
  Tags map;
  const auto take = [&map](Entry entry) -> Expected<void> {
    if (entry.kind == Entry::Kind::Null) return {};
    auto* item = std::get_if<std::string>(&entry.said.value);
    if (item == nullptr) {
      return fail(ErrorCode::InvalidArgument, entry.origin + ": expected an object of texts");
    }
    map[std::move(entry.key)] = std::move(*item);
    return {};
  };
  Mistakes mistakes;
  read_json_document(text, path, mistakes, no_sections, take);
  if (!mistakes.empty()) return tl::unexpected<Error>(mistakes.told().front());
  return map;
}

std::string json_map(const Tags& map) {
  if (map.empty()) return "{}";
  std::string out = "{";
  for (const auto& [key, value] : map) {
    out += out.size() == 1 ? "\n  " : ",\n  ";
    out += quoted(key, Angles::Escaped) + ": " + quoted(value, Angles::Escaped);
  }
  return out + "\n}";
}

}  // namespace gossip::config
