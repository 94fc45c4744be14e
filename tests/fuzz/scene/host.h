// The host of one engine in a fuzzer's world: carries out its effects, remembers what they promised, and fails when
// the engine breaks a rule that holds whatever anybody sends. Its own side of the contract it keeps (gossip/engine.h).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gossip/engine.h"

#include "base/text_pool.h"
#include "wire/cipher.h"
#include "wire/packet.h"

namespace gossip::fuzz {

class CountingNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override;

 private:
  std::uint64_t count_ = 0;
};

// What somebody who hears our packets can take from them to answer.
struct Overheard {
  std::uint32_t ping = 0;  // its sequence number
  LamportTime query_time = 0;
  std::uint32_t query_id = 0;
};

class Host {
 public:
  static constexpr std::uint8_t kHostByte = 1;  // we are 127.0.0.1
  static constexpr const char* kName = "self";

  // `cipher` opens whatever the engine seals, and outlives the host; null without encryption.
  Host(Config config, const wire::Cipher* cipher);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;
  ~Host() = default;

  // A new engine, from what the last one has saved.
  void start();

  // One input, then what the engine wants done.
  template <typename Input>
  void act(Input input) {
    Effects out;
    input(*engine_, now_, out);
    carry_out(out);
  }
  // From inside an input: the end of this command or query is awaited.
  void begun(OpId op);
  void asked(QueryToken query);

  void accept_stream(const Address& from);
  void end_stream(StreamId id, StreamEnd why);
  // The oldest of the engine's saves that is not over yet ends.
  void finish_save();
  void fill_disk(bool is_full) { disk_is_full_ = is_full; }

  // Every timer at its time. The turns of one life are limited: beyond them this is freeze().
  void step(Duration by);
  // Misses its timers, then handles what is due.
  void freeze(Duration by);

  // What holds between any two inputs.
  void check();

  // Somebody else has our name, and the engine wants to end.
  [[nodiscard]] bool has_stopped() const { return has_stopped_; }
  [[nodiscard]] const Engine& engine() const { return *engine_; }
  [[nodiscard]] const wire::Wrapping& wrapping() const { return wrapping_; }
  [[nodiscard]] CountingNonces& nonces() { return nonces_; }
  [[nodiscard]] const Overheard& overheard() const { return overheard_; }
  [[nodiscard]] QueryToken last_question() const { return last_question_; }
  // The `index`th of the open streams, counted round; 0 if there is none.
  [[nodiscard]] StreamId stream(std::size_t index) const;

 private:
  struct Asked {
    bool is_over = false;
    std::set<std::tuple<QueryReplyKind, std::string>> replies;
  };
  struct Outcome {  // of a save, not told yet
    SavedFile file;
    bool is_saved;
  };

  void carry_out(const Effects& effects);
  void carry_out(const SendPacket& packet);
  void carry_out(const OpenStream& stream);
  void carry_out(const WriteStream& write);
  void carry_out(const CloseStream& close);
  void carry_out(const Publish& publish);
  void carry_out(const QueryReply& reply);
  void carry_out(const QueryDone& done);
  void carry_out(const Finish& finish);
  void carry_out(const Save& save);
  void carry_out(const Stop& stop);
  static void carry_out(const Log& log);
  void published(const MemberEvent& event);
  void published(const UserEvent& event);
  void published(const Query& query);
  void overhear(ByteView message);
  void check_members() const;
  void check_figures();
  void check_snapshot() const;

  // Engines hold on to these, so they go last.
  CountingNonces nonces_;
  base::TextPool texts_;

  Config config_;
  wire::Wrapping wrapping_;
  wire::PacketOpener opener_;
  std::unique_ptr<Engine> engine_;
  TimePoint now_{std::chrono::seconds(1)};
  std::uint32_t turns_left_ = 2000;
  bool has_stopped_ = false;

  std::set<StreamId> streams_;
  std::set<OpId> ops_;
  std::map<QueryToken, Asked> queries_;
  std::set<QueryToken> questions_;
  QueryToken last_question_ = 0;
  std::map<std::string, MemberEventKind, std::less<>> last_event_;  // by member
  std::set<std::tuple<LamportTime, std::string, Bytes>> user_events_;
  Gauges last_;
  Overheard overheard_;

  std::string snapshot_;
  bool disk_is_full_ = false;
  bool snapshot_is_damaged_ = false;  // something did not reach the disk
  std::deque<Outcome> outcomes_;
};

}  // namespace gossip::fuzz
