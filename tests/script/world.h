// A few engines on a virtual network under virtual time: what a conversation script acts on. Everything comes
// from one seed; nothing here sleeps or reads a clock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "gossip/engine.h"

#include "base/rng.h"
#include "base/text_pool.h"
#include "script/faults.h"

namespace gossip::script {

// Nonces that repeat from run to run.
class SeededNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override;

 private:
  std::uint64_t count_ = 0;
};

// What a line of the transcript is about; a script hides kinds that its story does not need.
enum class LineKind : std::uint8_t { Packet, Stream, Event, Log };

struct Line {
  TimePoint at;
  LineKind kind = LineKind::Packet;
  std::string text;  // "a → b  ping seq=1 node=b"
  bool lost = false;
};

class World {
 public:
  // Every message takes `latency` from one process to another.
  explicit World(Duration latency) : latency_(latency) {}

  // A process called `name` at the next free address 127.0.0.x, not started yet.
  void add(const std::string& name, Config config);
  void start(const std::string& name);
  // The same from the snapshot that its last run has left.
  void restart(const std::string& name);
  [[nodiscard]] const std::string& snapshot(std::string_view name) const;
  void set_snapshot(const std::string& name, std::string text);
  // The keyring file that its last change has left.
  [[nodiscard]] const std::string& keyring(std::string_view name) const;
  // A key that comes into use later than the start, for the transcript.
  void learn_key(Bytes key) { learnt_keys_.push_back(std::move(key)); }
  // A full disk takes no Save; nothing of it is kept.
  void fill_disk(const std::string& name, bool is_full);
  // Ends the process without a word; its host still answers connects with a refusal.
  void kill(const std::string& name);
  [[nodiscard]] bool known(std::string_view name) const { return processes_.contains(name); }
  [[nodiscard]] bool runs(std::string_view name) const;
  [[nodiscard]] Engine& engine(std::string_view name);
  [[nodiscard]] Address address(std::string_view name) const;
  [[nodiscard]] const Config& config(std::string_view name) const;
  // From now on at another address; only while it does not run. Its old host is still up, and refuses connects,
  // unless that has gone too.
  enum class OldHost : std::uint8_t { Refuses, Gone };
  void move(const std::string& name, const Address& to, OldHost old_host);

  // The newest query of that name which was put to the process.
  [[nodiscard]] std::optional<QueryToken> asked(std::string_view name,
                                                std::string_view query) const;
  // From now on every query is answered with `text` as soon as it is put, or declined if there is none.
  void answer_always(const std::string& name, std::optional<std::string> text);

  [[nodiscard]] Faults& faults() { return faults_; }
  // A frozen process runs again and finds what has come meanwhile.
  void thaw(const std::string& name);

  // Runs one input of `name` and carries out its effects.
  template <typename Input>
  void act(const std::string& name, Input input) {
    Effects out;
    input(engine(name), now_, out);
    carry_out(name, out);
  }
  // Hands a datagram to `to` as if it came from `from`, after the latency.
  void inject(const Address& from, const std::string& to, Bytes datagram);
  // A connection to `to` from nobody's address, on which nothing is said.
  void connect_stranger(const std::string& to);
  void advance(Duration by);
  [[nodiscard]] TimePoint now() const { return now_; }

  // What was said since the last call, in order of time.
  [[nodiscard]] std::vector<Line> take_lines();
  void note(LineKind kind, std::string text, bool lost = false);

 private:
  // One end of a connection: whose, and under which id.
  struct End {
    std::string process;
    StreamId id = 0;
    friend bool operator<(const End& a, const End& b) {
      return std::tie(a.process, a.id) < std::tie(b.process, b.id);
    }
  };
  struct Delivery {
    enum class What : std::uint8_t {
      Packet,
      Refused,
      Connect,
      Opened,
      Bytes,
      Ended,
      Saved,
      NotSaved,
    } what = What::Packet;
    End to{};
    End from{};
    Address from_address{};
    Bytes bytes{};
    StreamEnd end = StreamEnd::Closed;
    SavedFile file = SavedFile::Snapshot;
  };
  struct Process {
    Config config;
    Address address;
    std::unique_ptr<Engine> engine;
    std::vector<Delivery> backlog;  // of a frozen process
    std::string snapshot;
    std::string keyring;
    bool disk_is_full = false;
    std::map<std::string, QueryToken, std::less<>> asked;  // by the query's name
    bool answers_always = false;
    std::optional<std::string> answer;
  };

  void carry_out(const std::string& name, Effects& effects);
  void note_asked(const std::string& name, const Event& event);
  void answer_asked(const std::string& name);
  void carry_out(const std::string& name, SendPacket& packet);
  void carry_out(const std::string& name, OpenStream& stream);
  void carry_out(const std::string& name, WriteStream& write);
  void carry_out(const std::string& name, CloseStream& close);
  void carry_out(const std::string& name, const Save& save);
  void deliver_outcome(const std::string& name, const Save& save);
  [[nodiscard]] Config config_to_read(const std::string& name) const;
  void start_from(const std::string& name, std::string_view last_run);
  void deliver(Delivery delivery);
  void connect(const Delivery& delivery);
  void run(const Delivery& delivery);
  void deliver_due();
  void fire_due();
  [[nodiscard]] std::string process_at(const Address& address) const;
  [[nodiscard]] std::optional<TimePoint> next_moment() const;

  // Engines hold on to these, so they go last.
  SeededNonces nonces_;
  base::TextPool texts_;

  Duration latency_;
  TimePoint now_{};
  std::map<std::string, Process, std::less<>> processes_;
  std::multimap<TimePoint, Delivery> on_the_way_;
  std::map<End, End> peers_;
  std::vector<Bytes> learnt_keys_;
  Faults faults_;
  std::vector<Line> lines_;
  std::vector<QueryToken> to_answer_;  // of the process whose effects are carried out
  std::uint8_t last_host_ = 0;
};

}  // namespace gossip::script
