// What the codecs share: maps with string keys read field by field, and the two shapes that several bodies
// hold, text to text and lists of text.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/member.h"

#include "base/msgpack.h"

namespace gossip::rpc {

using MsgpackReader = base::msgpack::Reader;
using MsgpackWriter = base::msgpack::Writer;

// Calls `field(key)` for each entry; it reads the value, or returns false to have it skipped. A key that is
// no string ends the reading, nil instead of a map is an empty one.
template <typename Field>
void read_fields(MsgpackReader& in, Field&& field) {
  const std::size_t count = in.read_map();
  for (std::size_t i = 0; i < count && in.good(); ++i) {
    std::string_view key;
    in.read(key);
    if (!in.good()) return;
    if (!field(key)) in.skip();
  }
}

// As above, and whether all of `object` was read so.
template <typename Field>
[[nodiscard]] bool read_object(ByteView object, Field&& field) {
  MsgpackReader in(object);
  read_fields(in, [&](std::string_view key) { return field(in, key); });
  return in.good() && in.rest().empty();
}

inline void read_text(MsgpackReader& in, std::string& text) {
  std::string_view view;
  in.read(view);
  text.assign(view);
}

inline void read_bytes(MsgpackReader& in, Bytes& bytes) {
  ByteView view;
  in.read(view);
  bytes.assign(view.begin(), view.end());
}

// A field given twice counts once, as it came last.
template <typename TextMap>
void read_text_map(MsgpackReader& in, TextMap& map) {
  map.clear();
  const std::size_t count = in.read_map();
  for (std::size_t i = 0; i < count && in.good(); ++i) {
    std::string_view key;
    std::string_view value;
    in.read(key);
    in.read(value);
    if (in.good()) map.insert_or_assign(std::string(key), std::string(value));
  }
}

inline void read_text_list(MsgpackReader& in, std::vector<std::string>& list) {
  list.clear();
  const std::size_t count = in.read_list();
  for (std::size_t i = 0; i < count && in.good(); ++i) {
    std::string_view text;
    in.read(text);
    if (in.good()) list.emplace_back(text);
  }
}

template <typename TextMap>
void write_text_map(MsgpackWriter& out, const TextMap& map) {
  out.write_map(map.size());
  for (const auto& [key, value] : map)
    out.field(key, std::string_view(value));
}

inline void write_text_list(MsgpackWriter& out, const std::vector<std::string>& list) {
  out.write_list(list.size());
  for (const std::string& text : list)
    out.write(std::string_view(text));
}

}  // namespace gossip::rpc
