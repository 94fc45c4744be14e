// What the engine asks its host to do. The host carries the effects out in order; whatever fails while it
// does so comes back as a later input, never as a nested call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/event.h"
#include "gossip/keys.h"
#include "gossip/query.h"
#include "gossip/time.h"

namespace gossip {

using StreamId = std::uint32_t;  // given by the engine, never used twice at once
using OpId = std::uint32_t;      // of a slow command

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warn, Error };

// How a stream came to its end.
enum class StreamEnd : std::uint8_t {
  Closed,       // the peer has closed its side
  Refused,      // nobody listens there
  Unreachable,  // no route, or the network says no
  TimedOut,     // `give_up_at` passed before it opened
  Reset,        // broken in the middle
};

// "connection refused" …, for people.
[[nodiscard]] std::string_view to_string(StreamEnd end);

enum class StopReason : std::uint8_t {
  NameTaken,  // a majority says that our name belongs to another node
};

struct JoinFailure {
  std::string address;  // as the person wrote it, or "ip:port"
  std::string reason;
};

// How a join ended. It is an error to the caller only if `joined` is 0 and there was somebody to join.
struct JoinResult {
  std::uint32_t joined = 0;  // addresses that took part in a push/pull
  std::vector<JoinFailure> failures;
};

struct LeaveResult {
  // Whether the news went out as often as it should before the broadcast timeout.
  bool spread = true;
};

using OpResult = std::variant<JoinResult, LeaveResult, KeyResult>;

struct SendPacket {  // one sealed UDP datagram
  Address to;
  Bytes datagram;
};
struct OpenStream {  // TCP; StreamEnd::TimedOut if it is not open by then
  StreamId id = 0;
  Address to;
  TimePoint give_up_at;
};
struct WriteStream {
  StreamId id = 0;
  Bytes bytes;
};
struct CloseStream {  // once all writes have left; the engine forgets the id at once
  StreamId id = 0;
};
struct Publish {  // to subscribers, in the order of causes
  Event event;
};
struct Finish {
  OpId op = 0;
  OpResult result;
};
// What must survive the process. The host knows the paths, and says how it went (Engine::saved).
enum class SavedFile : std::uint8_t { Snapshot, Keyring };
enum class SaveMode : std::uint8_t {
  Append,   // at once; survives a SIGKILL
  Replace,  // whole, to a temporary file that is synced and renamed
};
struct Save {
  SavedFile file = SavedFile::Snapshot;
  SaveMode mode = SaveMode::Append;
  std::string text;
};
struct Stop {
  StopReason reason = StopReason::NameTaken;
  std::string who;  // has the name instead: its address
};
struct Log {
  LogLevel level = LogLevel::Info;
  std::string text;  // with Serf's component in front: "memberlist: …", "serf: …"
};

using Effect = std::variant<SendPacket, OpenStream, WriteStream, CloseStream, Publish, QueryReply,
                            QueryDone, Finish, Save, Stop, Log>;
using Effects = std::vector<Effect>;

}  // namespace gossip
