// What was dropped: counted, and now and then logged, with whose it was.
#include <string>
#include <utility>

#include "engine/parts.h"
#include "wire/label.h"

namespace gossip {
namespace {

std::string name_and_address(const members::Record& record, const Address& address) {
  return std::string(record.name.view()) + " (" + address.to_string() + ")";
}

}  // namespace

void Engine::Parts::complain(TimePoint now, Drop why, std::string_view source, Effects& out,
                             std::string_view detail) {
  stats.counters.drop(why);
  if (std::optional<Log> line = complaints.note(now, why, source, detail))
    out.emplace_back(std::move(*line));
}

void Engine::Parts::complain(TimePoint now, Drop why, const Address& from, Effects& out,
                             std::string_view detail) {
  // Whose address it is costs a walk: only for what will be logged.
  const std::string source = complaints.is_due(now, why) ? source_of(from) : std::string();
  complain(now, why, source, out, detail);
}

// "web-1 (10.0.0.7:41234)". The port of a connection is any: then the member is meant that alone has the IP address.
std::string Engine::Parts::source_of(const Address& from) const {
  const members::Record* same_host = nullptr;
  bool is_only = true;
  for (members::Index i = 0; i < table.end_index(); ++i) {
    if (!table.holds(i)) continue;
    const members::Record& record = table.at(i);
    if (record.ip.longest() != from.ip.longest()) continue;
    if (record.port == from.port) return name_and_address(record, from);
    is_only = same_host == nullptr;
    same_host = &record;
  }
  const bool is_other =
      same_host != nullptr && is_only && same_host->name.view() != config.node_name;
  return is_other ? name_and_address(*same_host, from) : from.to_string();
}

void Engine::Parts::complain_of_label(TimePoint now, const Address& from, ByteView bytes,
                                      Effects& out) {
  complain(now, Drop::WrongLabel, from, out, wire::describe_mismatch(bytes, config.label));
}

}  // namespace gossip
