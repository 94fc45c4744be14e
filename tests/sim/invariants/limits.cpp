// Queues, streams, members and datagrams stay within the limits that the code declares, and no process is told to stop
// while its name is its own.
#include <algorithm>
#include <cstddef>

#include "engine/conversations.h"
#include "sim/invariants/families.h"
#include "wire/packet.h"

namespace gossip::sim {
namespace {

// Joins, a push/pull, reconnects and probes of our own that can be open at once.
constexpr std::size_t kMaxOwnStreams = 64;
// Name conflicts ask at most this many questions at once; CRC and label come on top of a planned packet.
constexpr std::size_t kWrappingBytes = 5;

class Limits final : public Invariant {
 public:
  std::string_view promise() const override {
    return "queues and buffers stay within their limits";
  }

  std::optional<Violation> after(const Step& step) override {
    if (step.stats == nullptr) return std::nullopt;
    const Gauges& gauges = step.stats->gauges;
    const std::uint32_t longest =
        std::max({gauges.swim_queue, gauges.intent_queue, gauges.query_queue, gauges.event_queue});
    if (longest > step.config->max_queue_depth) {
      return exceeds(step, "a queue of broadcasts", longest, step.config->max_queue_depth);
    }
    if (gauges.members > step.config->max_members) {
      return exceeds(step, "its members", gauges.members, step.config->max_members);
    }
    constexpr std::size_t kMaxStreams = engine::Conversations::kMaxAccepted + kMaxOwnStreams;
    if (gauges.open_streams > kMaxStreams) {
      return exceeds(step, "its open streams", gauges.open_streams, kMaxStreams);
    }
    return check_effects(step);
  }

 private:
  static Violation exceeds(const Step& step, std::string_view what, std::size_t value,
                           std::size_t limit) {
    return who(step.host) + ": " + std::string(what) + " are " + std::to_string(value) +
           ", the limit is " + std::to_string(limit);
  }

  static std::optional<Violation> check_effects(const Step& step) {
    // A message that is longer by itself goes alone: settings allow events and answers of that size.
    const std::size_t longest_message =
        std::max({step.config->user_event_size_limit, step.config->query_size_limit,
                  step.config->query_response_size_limit}) *
        2;
    const std::size_t limit = std::max(wire::kPacketBytes, longest_message) + kWrappingBytes;
    for (const Effect& effect : step.effects) {
      if (const auto* packet = std::get_if<SendPacket>(&effect)) {
        if (packet->datagram.size() > limit) {
          return exceeds(step, "the bytes of a datagram", packet->datagram.size(), limit);
        }
      } else if (const auto* stop = std::get_if<Stop>(&effect);
                 stop != nullptr && !step.truth->hosts[step.host].has_moved) {
        return who(step.host) + " is to stop because its name belongs to " + stop->who;
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Invariant> limits_hold(std::uint32_t /*host_count*/) {
  return std::make_unique<Limits>();
}

}  // namespace gossip::sim
