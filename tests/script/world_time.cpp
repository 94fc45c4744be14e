// How the time of a script's world passes: what is on its way arrives, timers fire.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "script/world.h"

namespace gossip::script {

// A connection request has arrived at its host.
void World::connect(const Delivery& delivery) {
  const std::string& to = delivery.to.process;
  if (!runs(to)) {
    deliver({.what = Delivery::What::Ended,
             .to = delivery.from,
             .from = {},
             .from_address = {},
             .bytes = {},
             .end = StreamEnd::Refused});
    return;
  }
  if (faults_.is_frozen(to)) {
    // The kernel takes the connection; what is said on it is lost here.
    return deliver({.what = Delivery::What::Opened, .to = delivery.from});
  }
  StreamId theirs = 0;
  act(to, [&](Engine& engine, TimePoint now, Effects& out) {
    theirs = engine.accept_stream(now, delivery.from_address, out);
  });
  const End accepted{to, theirs};
  peers_.insert_or_assign(accepted, delivery.from);
  peers_.insert_or_assign(delivery.from, accepted);
  deliver(
      {.what = Delivery::What::Opened, .to = delivery.from, .from = accepted, .from_address = {}});
}

// What has come to a process becomes an input of its engine.
void World::run(const Delivery& delivery) {
  const std::string& to = delivery.to.process;
  if (!runs(to)) return;
  if (faults_.is_frozen(to)) return processes_.at(to).backlog.push_back(delivery);
  act(to, [&](Engine& engine, TimePoint now, Effects& out) {
    switch (delivery.what) {
      case Delivery::What::Packet:
        engine.receive_packet(now, delivery.from_address, delivery.bytes, out);
        break;
      case Delivery::What::Refused: engine.packet_refused(now, delivery.from_address, out); break;
      case Delivery::What::Opened: engine.stream_opened(now, delivery.to.id, out); break;
      case Delivery::What::Bytes:
        engine.receive_stream(now, delivery.to.id, delivery.bytes, out);
        break;
      case Delivery::What::Ended:
        engine.stream_ended(now, delivery.to.id, delivery.end, out);
        break;
      case Delivery::What::Saved: engine.saved(now, delivery.file, {}, out); break;
      case Delivery::What::NotSaved:
        engine.saved(now, delivery.file, fail(ErrorCode::System, "No space left on device"), out);
        break;
      case Delivery::What::Connect: break;
    }
  });
}

void World::thaw(const std::string& name) {
  faults_.thaw(name);
  for (Delivery& delivery : std::exchange(processes_.at(name).backlog, {})) {
    on_the_way_.emplace(now_, std::move(delivery));
  }
}

void World::deliver_due() {
  while (!on_the_way_.empty() && on_the_way_.begin()->first <= now_) {
    const Delivery delivery = std::move(on_the_way_.begin()->second);
    on_the_way_.erase(on_the_way_.begin());
    if (delivery.what == Delivery::What::Connect) {
      connect(delivery);
    } else {
      run(delivery);
    }
  }
}

void World::fire_due() {
  for (auto& [name, process] : processes_) {
    if (process.engine == nullptr || faults_.is_frozen(name)) continue;
    const std::optional<TimePoint> due = process.engine->next_deadline();
    if (!due.has_value() || *due > now_) continue;
    act(name, [](Engine& engine, TimePoint now, Effects& out) { engine.advance(now, out); });
    const std::optional<TimePoint> next = process.engine->next_deadline();
    // A deadline that advance leaves in the past would spin the real loop as well.
    GOSSIP_CHECK(!next.has_value() || *next > now_);
  }
}

void World::advance(Duration by) {
  const TimePoint end = now_ + by;
  while (const std::optional<TimePoint> moment = next_moment()) {
    if (*moment > end) break;
    now_ = std::max(now_, *moment);
    deliver_due();
    fire_due();
  }
  now_ = end;
}

std::optional<TimePoint> World::next_moment() const {
  std::optional<TimePoint> next;
  if (!on_the_way_.empty()) next = on_the_way_.begin()->first;
  for (const auto& [name, process] : processes_) {
    if (process.engine == nullptr || faults_.is_frozen(name)) continue;
    const std::optional<TimePoint> due = process.engine->next_deadline();
    if (due.has_value() && (!next.has_value() || *due < *next)) next = due;
  }
  return next;
}

}  // namespace gossip::script
