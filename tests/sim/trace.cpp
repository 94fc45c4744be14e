#include "sim/trace.h"

#include "base/overloaded.h"
#include "script/transcript.h"
#include "sim/directory.h"

namespace gossip::sim {
namespace {

std::string packet_text(ByteView datagram, const Config& config) {
  std::string text;
  for (const std::string& message : script::describe_packet(datagram, config)) {
    if (!text.empty()) text += "; ";
    text += message;
  }
  return text;
}

std::string effect_text(const Effect& effect, const Config& config) {
  return std::visit(
      base::Overloaded{
          [&](const SendPacket& packet) {
            return "→ " + packet.to.to_string() + "  " + packet_text(packet.datagram, config);
          },
          [](const OpenStream& open) {
            return "opens stream " + std::to_string(open.id) + " to " + open.to.to_string();
          },
          [&](const WriteStream& write) {
            return "stream " + std::to_string(write.id) + "  " +
                   script::describe_stream(write.bytes, config);
          },
          [](const CloseStream& close) { return "closes stream " + std::to_string(close.id); },
          [](const Publish& publish) { return script::describe_event(publish.event); },
          [](const QueryReply& reply) { return script::describe_reply(reply); },
          [](const QueryDone& done) { return script::describe_done(done); },
          [](const Finish& finish) { return script::describe_finish(finish); },
          [](const Save& save) {
            return std::string(save.mode == SaveMode::Append ? "appends " : "writes ") +
                   std::to_string(save.text.size()) + " bytes";
          },
          [](const Stop& stop) { return "must stop: its name belongs to " + stop.who; },
          [](const Log& log) { return script::describe_log(log); },
      },
      effect);
}

std::string input_text(const Step& step, const Input* input, const Config& config) {
  std::string text(to_string(step.kind));
  if (step.stream != 0) text += " " + std::to_string(step.stream);
  if (input == nullptr) return text;
  switch (step.kind) {
    case StepKind::Packet:
      return text + " from " + input->peer.to_string() + "  " + packet_text(input->bytes, config);
    case StepKind::PacketRefused:
    case StepKind::Accepted: return text + " " + input->peer.to_string();
    case StepKind::StreamBytes: return text + ", " + std::to_string(input->bytes.size()) + " bytes";
    case StepKind::StreamEnded: return text + ": " + std::string(to_string(input->end));
    case StepKind::Saved: return text + (input->is_saved ? "" : ": disk full");
    case StepKind::Opened:
    case StepKind::Started:
    case StepKind::Advance:
    case StepKind::Command:
    case StepKind::Ended: break;
  }
  return text;
}

}  // namespace

void TraceHash::add(std::uint64_t word) {
  value_ = (value_ ^ word) * 0x100000001B3U;
  value_ ^= value_ >> 29U;
}

void TraceHash::add(ByteView bytes) {
  add(bytes.size());
  std::uint64_t word = 0;
  std::size_t in_word = 0;
  for (const std::uint8_t byte : bytes) {
    word = word << 8U | byte;
    if (++in_word < sizeof word) continue;
    add(word);
    in_word = 0;
  }
  add(word);
}

void TraceHash::add(const Effect& effect) {
  add(effect.index());
  std::visit(
      base::Overloaded{
          [&](const SendPacket& packet) {
            add(packet.to.ip.bytes());
            add(packet.datagram);
          },
          [&](const OpenStream& open) {
            add(open.id);
            add(open.to.ip.bytes());
          },
          [&](const WriteStream& write) {
            add(write.id);
            add(write.bytes);
          },
          [&](const CloseStream& close) { add(close.id); },
          [&](const Publish& publish) { add(as_bytes(script::describe_event(publish.event))); },
          [&](const QueryReply& reply) {
            add(reply.query);
            add(as_bytes(reply.from));
            add(reply.payload);
          },
          [&](const QueryDone& done) { add(as_bytes(script::describe_done(done))); },
          [&](const Finish& finish) { add(as_bytes(script::describe_finish(finish))); },
          [&](const Save& save) { add(as_bytes(save.text)); },
          [&](const Stop& stop) { add(as_bytes(stop.who)); },
          [&](const Log& log) { add(as_bytes(log.text)); },
      },
      effect);
}

void TraceHash::add(const Step& step, const Input* input) {
  add(static_cast<std::uint64_t>(step.at.time_since_epoch().count()));
  add(std::uint64_t{step.host} << 32U | step.run);
  add(std::uint64_t{step.stream} << 8U | static_cast<std::uint64_t>(step.kind));
  if (input != nullptr) add(input->bytes);
  for (const Effect& effect : step.effects)
    add(effect);
}

std::string describe(const Step& step, const Input* input, const Config& config) {
  const std::string begin = script::describe_time(step.at) + " " + host_name(step.host) + " ";
  std::string text = begin + input_text(step, input, config) + "\n";
  for (const Effect& effect : step.effects)
    text += begin + "    " + effect_text(effect, config) + "\n";
  return text;
}

}  // namespace gossip::sim
