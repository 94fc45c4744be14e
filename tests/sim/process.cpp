#include "sim/process.h"

#include <utility>

#include "engine/inspection.h"
#include "sim/directory.h"

namespace gossip::sim {

bool Process::wait(Input input) {
  if (input.kind == StepKind::Packet) {
    const std::size_t cost = input.bytes.size() + kDatagramOverheadBytes;
    if (backlog_bytes + cost > kMaxBacklogBytes) {
      ++datagrams_dropped;
      return false;
    }
    backlog_bytes += cost;
  }
  backlog.push_back(std::move(input));
  return true;
}

std::optional<Input> Process::take_backlog() {
  if (backlog.empty()) return std::nullopt;
  Input input = std::move(backlog.front());
  backlog.pop_front();
  if (input.kind == StepKind::Packet) {
    backlog_bytes -= input.bytes.size() + kDatagramOverheadBytes;
  }
  return input;
}

void Process::clear_backlog() {
  backlog.clear();
  backlog_bytes = 0;
}

void read_rows(const Process& process, std::vector<Row>& rows) {
  rows.clear();
  const members::Table& table = engine::Inspection::members(*process.engine);
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index)) continue;
    const members::Record& record = table.at(index);
    rows.push_back({.member = host_named(record.name.view()),
                    .state = record.state,
                    .incarnation = record.incarnation,
                    .status = record.status,
                    .status_time = record.status_time,
                    .state_since = record.state_since,
                    .address = record.address(),
                    .meta = record.meta.view(),
                    .retired = record.retired});
  }
}

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::Started: return "starts";
    case StepKind::Packet: return "packet";
    case StepKind::PacketRefused: return "refused";
    case StepKind::Accepted: return "accepts";
    case StepKind::Opened: return "opened";
    case StepKind::StreamBytes: return "stream";
    case StepKind::StreamEnded: return "stream ends";
    case StepKind::Saved: return "saved";
    case StepKind::Advance: return "timer";
    case StepKind::Command: return "command";
    case StepKind::Ended: return "ends";
  }
  return "?";
}

}  // namespace gossip::sim
