#include "swim/self.h"

#include <algorithm>
#include <limits>
#include <string>

#include "swim/versions.h"
#include "wire/swim_codec.h"

namespace gossip::swim {
namespace {

std::uint32_t successor(std::uint32_t incarnation) {
  constexpr std::uint32_t kLast = std::numeric_limits<std::uint32_t>::max();
  return incarnation == kLast ? kLast : incarnation + 1;
}

}  // namespace

Self::Self(Layer& layer, Awareness& awareness) : layer_(layer), awareness_(awareness) {
  versions_.delegate_current = layer.config.protocol;
}

wire::Source Self::source() const {
  const Address& advertised = layer_.local.advertised;
  return {.address = advertised.ip.bytes(), .port = advertised.port, .node = name()};
}

wire::Alive Self::next_claim(ByteView meta) {
  if (started()) versions_ = layer_.table.at(index()).versions;
  return {.incarnation = successor(incarnation()),
          .node = name(),
          .address = layer_.local.advertised.ip.bytes(),
          .port = layer_.local.advertised.port,
          .meta = meta,
          .versions = bytes_of(versions_)};
}

void Self::refute(std::uint32_t accused, Outputs& out) {
  members::Record& record = layer_.table.at(index());
  record.incarnation = successor(std::max(record.incarnation, accused));
  awareness_.apply(1);
  ++layer_.counters.refutations;
  const wire::Alive claim{.incarnation = record.incarnation,
                          .node = name(),
                          .address = record.ip.bytes(),
                          .port = record.port,
                          .meta = as_bytes(record.meta.view()),
                          .versions = bytes_of(record.versions)};
  // Upstream names it by our IP address; with our name it displaces what it makes obsolete.
  out.emplace_back(Broadcast{.subject = std::string(name()), .message = wire::encode(claim)});
}

bool Self::begin_leave() {
  if (leaving_ || !started()) return false;
  leaving_ = true;
  return true;
}

wire::Dead Self::good_bye() const {
  return {.incarnation = incarnation(), .node = name(), .from = name()};
}

std::uint32_t Self::incarnation() const {
  return started() ? layer_.table.at(index()).incarnation : 0;
}

}  // namespace gossip::swim
