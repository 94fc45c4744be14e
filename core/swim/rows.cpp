#include "swim/rows.h"

#include "swim/versions.h"

namespace gossip::swim {
namespace {

using members::SwimState;
using wire::NodeStateKind;

NodeStateKind kind_of(SwimState state) {
  switch (state) {
    case SwimState::Suspect: return NodeStateKind::Suspect;
    case SwimState::Absent:
    case SwimState::Dead: return NodeStateKind::Dead;
    case SwimState::Left: return NodeStateKind::Left;
    case SwimState::Alive: break;
  }
  return NodeStateKind::Alive;
}

void take_row(TimePoint now, const wire::NodeState& row, std::string_view our_name, Claims& claims,
              Outputs& out) {
  switch (row.state) {
    case NodeStateKind::Alive:
      claims.take(now,
                  wire::Alive{.incarnation = row.incarnation,
                              .node = row.name,
                              .address = row.address,
                              .port = row.port,
                              .meta = row.meta,
                              .versions = row.versions},
                  Heard::PushPull, out);
      break;
    case NodeStateKind::Left:
      claims.take(
          now, wire::Dead{.incarnation = row.incarnation, .node = row.name, .from = row.name}, out);
      break;
    case NodeStateKind::Dead:
    case NodeStateKind::Suspect:
      claims.take(now,
                  wire::Suspect{.incarnation = row.incarnation, .node = row.name, .from = our_name},
                  out);
      break;
  }
}

}  // namespace

std::vector<wire::NodeState> rows_of(const members::Table& table) {
  std::vector<wire::NodeState> rows;
  for (members::Index i = 0; i < table.end_index(); ++i) {
    if (!table.holds(i) || !table.at(i).is_node()) continue;
    const members::Record& record = table.at(i);
    rows.push_back({.name = record.name.view(),
                    .address = record.ip.bytes(),
                    .port = record.port,
                    .meta = as_bytes(record.meta.view()),
                    .incarnation = record.incarnation,
                    .state = kind_of(record.state),
                    .versions = bytes_of(record.versions)});
  }
  return rows;
}

void take_rows(TimePoint now, std::span<const wire::NodeState> rows, std::string_view our_name,
               Claims& claims, Outputs& out) {
  for (const wire::NodeState& row : rows) {
    take_row(now, row, our_name, claims, out);
  }
}

}  // namespace gossip::swim
