// An engine opens a stream under an id that is free, and writes only to streams that it has opened or accepted and not
// yet closed.
#include <set>

#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

class StreamUse final : public Invariant {
 public:
  explicit StreamUse(std::uint32_t host_count) : open_(host_count) {}

  std::string_view promise() const override {
    return "streams are opened, written and closed in order";
  }

  std::optional<Violation> after(const Step& step) override {
    std::set<StreamId>& open = open_.of(step);
    if (step.kind == StepKind::Accepted && !open.insert(step.stream).second) {
      return says(step, "names an accepted stream", step.stream, "open already");
    }
    for (const Effect& effect : step.effects) {
      if (const auto* opens = std::get_if<OpenStream>(&effect)) {
        if (!open.insert(opens->id).second) return says(step, "opens", opens->id, "open already");
        if (opens->give_up_at < step.local_at) {
          return says(step, "opens", opens->id, "given up before it began");
        }
      } else if (const auto* write = std::get_if<WriteStream>(&effect)) {
        if (!open.contains(write->id)) return says(step, "writes to", write->id, "not open");
        if (write->bytes.empty()) return says(step, "writes nothing to", write->id, "open");
      } else if (const auto* close = std::get_if<CloseStream>(&effect)) {
        if (open.erase(close->id) == 0) return says(step, "closes", close->id, "not open");
      }
    }
    // An engine may also forget it without a word.
    if (step.kind == StepKind::StreamEnded) open.erase(step.stream);
    return std::nullopt;
  }

 private:
  static Violation says(const Step& step, std::string_view does, StreamId id,
                        std::string_view state) {
    return who(step.host) + " " + std::string(does) + " stream " + std::to_string(id) +
           ", which is " + std::string(state);
  }

  PerProcess<std::set<StreamId>> open_;
};

}  // namespace

std::unique_ptr<Invariant> streams_are_used_well(std::uint32_t host_count) {
  return std::make_unique<StreamUse>(host_count);
}

}  // namespace gossip::sim
