// N engines on a virtual network and clock. Everything that happens comes from one agenda and one seed; whoever made
// the world says what goes wrong, and sees every turn of every process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gossip/engine.h"

#include "base/text_pool.h"
#include "sim/agenda.h"
#include "sim/chance.h"
#include "sim/directory.h"
#include "sim/links.h"
#include "sim/process.h"
#include "sim/scenario.h"
#include "sim/step.h"
#include "sim/streams.h"

namespace gossip::sim {

// Sees every turn, before its effects are carried out.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  Observer(Observer&&) = delete;
  Observer& operator=(Observer&&) = delete;
  virtual ~Observer() = default;

  // `input` of steps that have one, else null. False ends the world's run.
  virtual bool observe(const Step& step, const Input* input) = 0;
  // Whether steps come with their rows, which cost as much as there are members.
  [[nodiscard]] virtual bool wants_rows() const { return true; }
};

enum class Memory : std::uint8_t { Kept, Lost };  // the snapshot of the last run

class World {
 public:
  // How often a host looks whether its seeds are members, on its own clock.
  static constexpr Duration kSeedInterval = std::chrono::seconds(30);

  // Everybody is off. `observer` outlives the world.
  World(const Scenario& scenario, Observer& observer);

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] std::uint32_t host_count() const { return directory_.host_count(); }
  [[nodiscard]] TimePoint now() const { return agenda_.now(); }
  [[nodiscard]] Links& links() { return links_; }
  [[nodiscard]] Streams& streams() { return streams_; }
  [[nodiscard]] const Process& process(HostId host) const { return processes_[host]; }
  [[nodiscard]] const Truth& truth() const { return truth_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

  // Runs until then; false if the observer has ended it.
  bool run_until(TimePoint end);
  // Sees every datagram between the engine and the network, and may change it.
  using Rewrite = std::function<void(HostId from, SendPacket& packet)>;
  void rewrite_packets(Rewrite rewrite) { rewrite_ = std::move(rewrite); }
  // `act` at that time.
  void at(TimePoint when, std::function<void()> act);

  // What happens to hosts. Each does nothing where it makes no sense.
  void start(HostId host, Memory memory = Memory::Kept);
  void crash(HostId host);
  void cut_power(HostId host);
  // Only while it does not run.
  void move(HostId host);
  void freeze(HostId host, Duration length);
  void thaw(HostId host);
  // Its messages neither come nor go for so long, and then all at once; it notices nothing (Lifeguard's anomalies).
  void mute(HostId host, Duration length);
  void set_input_cost(HostId host, Duration cost);
  void set_drift(HostId host, std::int64_t parts_per_million);
  void fill_disk(HostId host, bool is_full);
  void leave(HostId host);
  // It is told all at once, by somebody who connects, and nobody hears the answer: `stream` is a push/pull.
  void tell_all(HostId host, ByteView stream);
  // The network's state has been changed by way of links().
  void network_changed();

  // What users do. They do nothing where the host does not run.
  void send_event(HostId host);
  void send_query(HostId host);
  void change_tags(HostId host);
  void force_leave(HostId host, HostId target);

 private:
  using Call = std::function<void(Engine&, TimePoint, Effects&)>;

  void handle(Happening& happening);
  void deliver(Process& process, Input input);
  void take(Process& process, Input& input);
  void run_timers(Process& process);
  void ready(Process& process);
  // One turn: an input of the engine, what the observer says to it, what comes of it.
  struct Cause {
    StepKind kind = StepKind::Command;
    StreamId stream = 0;
    const Input* input = nullptr;
  };
  void turn(Process& process, const Cause& cause, const Call& call);
  void observe(Process& process, const Cause& cause, const Effects& effects);
  void command(HostId host, const Call& call);
  void accept(Process& process, const Input& input);
  void carry_out(Process& process, Effects& effects);
  [[nodiscard]] bool hold(Process& process, Effect& effect);
  void carry_out(Process& process, SendPacket& packet);
  void carry_out(Process& process, const Save& save);
  [[nodiscard]] bool shows_every_damage(ByteView datagram) const;
  void finished(Process& process, const Finish& finish);
  void stopped(const Process& process);
  void answer_queries(Process& process);
  void arm(Process& process);
  void end_process(Process& process);
  void join_seeds(HostId host, std::uint32_t run);
  void set_health(Process& process);

  Scenario scenario_;
  Observer& observer_;
  // Engines hold on to these, so they go last.
  CountedNonces nonces_;
  base::TextPool texts_;

  Agenda agenda_;
  Directory directory_;
  Links links_;
  Streams streams_;
  std::vector<Process> processes_;
  Truth truth_;
  base::Rng disk_rng_;
  base::Rng workload_rng_;
  std::uint64_t made_ = 0;  // events, queries, tags: so that no two are alike

  std::uint64_t steps_ = 0;
  bool goes_on_ = true;
  Rewrite rewrite_;
  std::string snapshot_;  // of the process that starts
  std::vector<Row> rows_;
  std::vector<Arrival> arrivals_;
  Effects effects_;
};

}  // namespace gossip::sim
