#include "swim/versions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/shown.h"

namespace gossip::swim {
namespace {

// What all living nodes understand of one of the two protocols.
struct Range {
  std::uint8_t lowest = 0;
  std::uint8_t highest = 255;

  void narrow(std::uint8_t least, std::uint8_t most) {
    lowest = std::max(lowest, least);
    highest = std::min(highest, most);
  }
  [[nodiscard]] bool holds(std::uint8_t version) const {
    return version >= lowest && version <= highest;
  }
};

struct Common {
  Range protocol;
  Range delegate;

  void narrow(const Versions& versions) {
    protocol.narrow(versions.protocol_min, versions.protocol_max);
    delegate.narrow(versions.delegate_min, versions.delegate_max);
  }
  [[nodiscard]] bool holds(const Versions& versions) const {
    return protocol.holds(versions.protocol_current) && delegate.holds(versions.delegate_current);
  }
};

Error misfit(std::string_view name, std::string_view what, std::uint8_t version,
             const Range& range) {
  return {ErrorCode::Refused, "Node '" + base::shown(name) + "' " + std::string(what) +
                                  " version (" + std::to_string(version) + ") is incompatible: [" +
                                  std::to_string(range.lowest) + ", " +
                                  std::to_string(range.highest) + "]"};
}

Expected<void> check(std::string_view name, const Versions& versions, const Common& common) {
  if (!common.protocol.holds(versions.protocol_current)) {
    return tl::unexpected(misfit(name, "protocol", versions.protocol_current, common.protocol));
  }
  if (!common.delegate.holds(versions.delegate_current)) {
    return tl::unexpected(
        misfit(name, "delegate protocol", versions.delegate_current, common.delegate));
  }
  return {};
}

}  // namespace

std::optional<Versions> parse_versions(ByteView bytes) {
  if (bytes.size() < sizeof(Versions)) return std::nullopt;
  return Versions{bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]};
}

ByteView bytes_of(const Versions& versions) {
  static_assert(sizeof(Versions) == 6);
  return {reinterpret_cast<const std::uint8_t*>(&versions), sizeof(Versions)};
}

bool make_sense(ByteView versions) {
  if (versions.size() < 3) return true;
  return versions[0] != 0 && versions[1] != 0 && versions[0] <= versions[1];
}

bool fit_together(const Versions& a, const Versions& b) {
  Common common;
  common.narrow(a);
  common.narrow(b);
  return common.holds(a) && common.holds(b);
}

Expected<void> check_any_fits(std::span<const wire::NodeState> rows, const members::Record& us) {
  Expected<void> first;
  for (const wire::NodeState& row : rows) {
    if (row.state != wire::NodeStateKind::Alive) continue;
    const Versions versions = parse_versions(row.versions).value_or(kNoVersions);
    Common common;
    common.narrow(us.versions);
    common.narrow(versions);
    Expected<void> fits = check(row.name, versions, common);
    if (fits) fits = check(us.name.view(), us.versions, common);
    if (fits) return fits;
    if (first) first = std::move(fits);
  }
  return first;
}

Expected<void> check_compatible(std::span<const wire::NodeState> rows,
                                const members::Table& table) {
  Common common;
  for (const wire::NodeState& row : rows) {
    if (row.state != wire::NodeStateKind::Alive) continue;
    if (auto versions = parse_versions(row.versions)) common.narrow(*versions);
  }
  for (members::Index i = 0; i < table.end_index(); ++i) {
    if (!table.holds(i) || table.at(i).state != members::SwimState::Alive) continue;
    common.narrow(table.at(i).versions);
  }
  for (const wire::NodeState& row : rows) {
    const Versions versions = parse_versions(row.versions).value_or(kNoVersions);
    if (auto fits = check(row.name, versions, common); !fits) return fits;
  }
  for (members::Index i = 0; i < table.end_index(); ++i) {
    if (!table.holds(i) || !table.at(i).is_counted()) continue;
    const members::Record& record = table.at(i);
    if (auto fits = check(record.name.view(), record.versions, common); !fits) return fits;
  }
  return {};
}

}  // namespace gossip::swim
