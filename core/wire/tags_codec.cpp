#include "wire/tags_codec.h"

#include <string>
#include <string_view>

#include "wire/fields.h"

namespace gossip::wire {

using base::msgpack::Flavour;
using base::msgpack::Reader;
using base::msgpack::Writer;

namespace {

constexpr std::uint8_t kTagsMagic = 0xff;
constexpr std::uint8_t kFirstProtocolWithTags = 3;
constexpr std::string_view kRole = "role";

Bytes encode_role(const Tags& tags) {
  const auto role = tags.find(kRole);
  if (role == tags.end()) return {};
  const ByteView bytes = as_bytes(role->second);
  return {bytes.begin(), bytes.end()};
}

Bytes encode_map(const Tags& tags) {
  Bytes out{kTagsMagic};
  Writer writer(out, Flavour::Gossip);
  write_tags(writer, tags);
  return out;
}

}  // namespace

void write_tags(Writer& writer, const Tags& tags) {
  writer.write_map(tags.size());
  for (const auto& [name, value] : tags)
    writer.field(name, value);
}

void read_tags(Reader& reader, Tags& tags) {
  tags.clear();
  for_each_field(reader, [&](std::string_view name) {
    if (tags.size() == kMaxTagsRead) return reader.fail();
    std::string_view value;
    reader.read(value);
    if (reader.good()) tags.insert_or_assign(std::string(name), std::string(value));
  });
}

Expected<Bytes> encode_tags(const Tags& tags, std::uint8_t serf_protocol) {
  Bytes meta = serf_protocol < kFirstProtocolWithTags ? encode_role(tags) : encode_map(tags);
  if (meta.size() > kMaxTagsBytes) {
    return fail(ErrorCode::TooLarge, "tags encode to " + std::to_string(meta.size()) +
                                         " bytes, the limit is " + std::to_string(kMaxTagsBytes));
  }
  return meta;
}

Tags decode_tags(ByteView meta) {
  if (meta.empty() || meta.front() != kTagsMagic) {
    return {{std::string(kRole), std::string(as_text(meta))}};
  }
  Tags tags;
  Reader reader(meta.subspan(1));
  read_tags(reader, tags);
  return tags;
}

}  // namespace gossip::wire
