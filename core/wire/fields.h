// How the codecs walk msgpack structs and lists: fields in any order, unknown ones left to the caller to
// skip, nil as nothing (gossip-wire §1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/bytes.h"

#include "base/msgpack.h"

namespace gossip::wire {

// A message as far as its type byte, with room for what is typical and `variable_bytes` of texts and payloads.
template <typename Type>
Bytes begin_message(Type type, std::size_t variable_bytes = 0) {
  constexpr std::size_t kTypicalMessageBytes = 160;
  Bytes out;
  out.reserve(kTypicalMessageBytes + variable_bytes);
  out.push_back(static_cast<std::uint8_t>(type));
  return out;
}

// Nil for no bytes, as Go writes an empty slice.
inline void write_nullable(base::msgpack::Writer& writer, std::string_view key, ByteView bytes) {
  writer.write(key);
  writer.write_bytes_or_nil(bytes);
}

// Calls `field(key)` for each entry of the map that is next; it must read or skip one value.
template <typename Field>
void for_each_field(base::msgpack::Reader& reader, Field field) {
  for (std::size_t left = reader.read_map(); left > 0 && reader.good(); --left) {
    std::string_view key;
    reader.read(key);
    if (reader.good()) field(key);
  }
}

// Calls `item()` for each item of the list that is next; it must read or skip one value. More than `max_count`
// items fail the reader.
template <typename Item>
void for_each_item(base::msgpack::Reader& reader, std::size_t max_count, Item item) {
  const std::size_t count = reader.read_list();
  if (count > max_count) reader.fail();
  for (std::size_t left = count; left > 0 && reader.good(); --left)
    item();
}

// The message at the start of `body`, by the overload `read_fields(reader, message)` of its codec; what
// follows is ignored.
template <typename Message>
std::optional<Message> decode_body(ByteView body) {
  base::msgpack::Reader reader(body);
  Message message;
  read_fields(reader, message);
  if (!reader.good()) return std::nullopt;
  return message;
}

}  // namespace gossip::wire
