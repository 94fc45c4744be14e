#include "sim/experiments/recorder.h"

#include <variant>

#include "base/overloaded.h"

namespace gossip::sim {
namespace {

constexpr std::uint64_t kTurnsPerProgress = 1 << 6;

}  // namespace

bool Recorder::observe(const Step& step, const Input* /*input*/) {
  ++turns;
  if (progress_ && ++all_turns_ % kTurnsPerProgress == 0) {
    progress_(step.at.time_since_epoch(), all_turns_);
  }
  for (const Effect& effect : step.effects) {
    if (const auto* packet = std::get_if<SendPacket>(&effect)) {
      ++packets;
      packet_bytes += packet->datagram.size();
    } else if (const auto* write = std::get_if<WriteStream>(&effect)) {
      stream_bytes += write->bytes.size();
    } else if (const auto* line = std::get_if<Log>(&effect)) {
      note(step, *line);
    } else if (const auto* publish = std::get_if<Publish>(&effect)) {
      if (const auto* event = std::get_if<MemberEvent>(&publish->event)) note(step, *event);
      if (const auto* event = std::get_if<UserEvent>(&publish->event)) {
        events.push_back({step.at, step.host, event->name});
      }
    }
  }
  return true;
}

void Recorder::begin_anew() {
  suspected.clear();
  failed.clear();
  left.clear();
  joined.clear();
  events.clear();
  turns = packets = packet_bytes = stream_bytes = 0;
}

void Recorder::note(const Step& step, const MemberEvent& event) {
  std::vector<Report>* reports = nullptr;
  switch (event.kind) {
    case MemberEventKind::Join: reports = &joined; break;
    case MemberEventKind::Failed: reports = &failed; break;
    case MemberEventKind::Leave: reports = &left; break;
    case MemberEventKind::Update:
    case MemberEventKind::Reap: return;
  }
  for (const Member& member : event.members)
    reports->push_back({step.at, step.host, host_named(member.name)});
}

// The engine has no other word for the end of a probe.
void Recorder::note(const Step& step, const Log& line) {
  static constexpr std::string_view kBegin = "memberlist: Suspect ";
  static constexpr std::string_view kEnd = " has failed, no acks received";
  const std::string_view text = line.text;
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd)) return;
  const std::string_view name =
      text.substr(kBegin.size(), text.size() - kBegin.size() - kEnd.size());
  suspected.push_back({step.at, step.host, host_named(name)});
}

}  // namespace gossip::sim
