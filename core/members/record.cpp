#include "members/record.h"

#include <string>

#include "wire/tags_codec.h"

namespace gossip::members {

Member to_member(const Record& record) {
  return {.name = std::string(record.name.view()),
          .address = record.address(),
          .tags = wire::decode_tags(as_bytes(record.meta.view())),
          .status = record.status,
          .versions = record.versions};
}

}  // namespace gossip::members
