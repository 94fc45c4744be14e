#include "capi/views.h"

namespace gossip::capi {
namespace {

static_assert(static_cast<int>(MemberStatus::Alive) == GOSSIP_ALIVE);
static_assert(static_cast<int>(MemberStatus::Failed) == GOSSIP_FAILED);

template <typename Map>
std::vector<gossip_tag> pairs_of(const Map& map) {
  std::vector<gossip_tag> views;
  views.reserve(map.size());
  for (const auto& [key, value] : map)
    views.push_back({view(key), view(value)});
  return views;
}

}  // namespace

std::vector<gossip_tag> views_of(const std::map<std::string, std::string>& map) {
  return pairs_of(map);
}

std::vector<gossip_bytes> views_of(const std::vector<std::string>& texts) {
  std::vector<gossip_bytes> views;
  views.reserve(texts.size());
  for (const std::string& text : texts)
    views.push_back(view(text));
  return views;
}

MemberView::MemberView(const Member& member)
    : address_(member.address.ip.shortest().to_string()),
      tags_(pairs_of(member.tags)),
      view_{.name = view(member.name),
            .address = view(address_),
            .port = member.address.port,
            .status = static_cast<gossip_status>(member.status),
            .tags = tags_.data(),
            .tag_count = tags_.size()} {}

}  // namespace gossip::capi
