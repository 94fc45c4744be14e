// Questions to the cluster and what comes back (gossip-wire §9). A query asks every live member that its
// filters match; each acknowledges it, if wanted, and gives at most one answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"
#include "gossip/time.h"

namespace gossip {

// Names a query within one engine, our own or one that we were asked. Never 0, never given twice.
using QueryToken = std::uint64_t;

enum class Acks : std::uint8_t { None, Wanted };

// Until each member that is asked has had its say, or until the timeout, as Serf always waits.
enum class QueryWait : std::uint8_t { UntilComplete, FullTime };

// Beyond it a relay factor is refused: each answer is sent that many times more (robustness.md 9).
inline constexpr std::uint8_t kMaxRelayFactor = 5;

struct QueryParams {
  std::string name;  // those that begin "_serf_" are reserved
  Bytes payload;
  std::vector<std::string> nodes;  // only these; empty asks all
  Tags tags;  // tag to RE2 pattern, found anywhere in its value; all must match
  Acks acks = Acks::None;
  std::uint8_t relay_factor = 0;
  Duration timeout{};  // 0: the default of gossip-wire §9.1; negative is over at once
  QueryWait wait = QueryWait::UntilComplete;
  // How long `UntilComplete` waits on, within the timeout, when all have had their say.
  Duration settle{};
};

// A question put to this node. `answer_by` is when an answer comes too late.
struct Query {
  QueryToken token = 0;
  LamportTime time = 0;
  std::string name;
  Bytes payload;
  std::string asker;
  TimePoint answer_by;
};

enum class QueryReplyKind : std::uint8_t { Ack, Response };

// To a query of ours: the first ack and the first answer of each member.
struct QueryReply {
  QueryToken query = 0;
  QueryReplyKind kind = QueryReplyKind::Ack;
  std::string from;
  Bytes payload;
};

enum class QueryEnd : std::uint8_t { Complete, TimedOut };

// A query of ours is over; nothing follows. Figures are of the members that were alive and matched when it
// was asked, without those that have died meanwhile.
struct QueryDone {
  QueryToken query = 0;
  QueryEnd end = QueryEnd::Complete;
  std::uint32_t asked = 0;
  std::uint32_t answered = 0;
  std::uint32_t declined = 0;       // said that no answer will follow
  std::vector<std::string> silent;  // neither; sorted
};

}  // namespace gossip
