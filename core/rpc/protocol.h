// Serf's IPC protocol as plain structs: one per request, response body and record, limits beside them.
// The bytes are the codec's (rpc.md has the protocol; the section numbers below are its).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/coordinate.h"
#include "gossip/event.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"

#include "metrics/family.h"
#include "rpc/command.h"

namespace gossip::rpc {

inline constexpr std::int32_t kProtocolVersion = 1;
inline constexpr std::uint16_t kDefaultPort = 7373;

// What an agent reads from a client. Beyond any of them the connection is closed.
inline constexpr std::size_t kMaxRequestHeaderBytes = 1024;
inline constexpr std::size_t kMaxRequestBodyBytes = std::size_t{1024} * 1024;
// What a client reads from an agent: the members of a cluster of 65,536 with full tags fit.
inline constexpr std::size_t kMaxResponseHeaderBytes = std::size_t{1024} * 1024;
inline constexpr std::size_t kMaxResponseBodyBytes = std::size_t{128} * 1024 * 1024;
// Of any object: maps and lists within each other.
inline constexpr std::size_t kMaxNesting = 16;

// Texts that clients compare (rpc.md §4); the ones that both sides must know.
inline constexpr std::string_view kHandshakeRequired = "Handshake required";
inline constexpr std::string_view kAuthenticationRequired = "Authentication required";
inline constexpr std::string_view kUnsupportedCommand = "Unsupported command";
inline constexpr std::string_view kPermissionDenied = "Permission denied";  // gossipd's own

// Whether a response to `command` is followed by a body: also beside an error, but for the four texts
// above (the body rule, §4).
[[nodiscard]] bool body_follows(Command command, std::string_view error);

struct RequestHeader {
  std::string command;
  std::uint64_t seq = 0;
};

struct ResponseHeader {
  std::uint64_t seq = 0;
  std::string error;  // empty on success
};

// Requests.
struct HandshakeRequest {
  std::int32_t version = kProtocolVersion;
};
struct AuthRequest {
  std::string key;
};
struct EventRequest {
  std::string name;
  Bytes payload;
  bool coalesce = false;
};
struct ForceLeaveRequest {
  std::string node;
  bool prune = false;
};
struct JoinRequest {
  std::vector<std::string> existing;
  bool replay = false;
};
struct MembersRequest {};
// Patterns are RE2, matched as ^PATTERN$; an empty `status` or `name` matches all (§5.4).
struct MembersFilteredRequest {
  Tags tags;
  std::string status;
  std::string name;
};
struct TagsRequest {
  Tags set;
  std::vector<std::string> remove;
};
struct StreamRequest {
  std::string type;      // "member-join,user:deploy,query" …; empty is all
  bool coalesce = true;  // gossipd's own: false wants each event at once
  bool answers = true;   // gossipd's own: false will answer no query, so nobody waits for that
};
struct MonitorRequest {
  std::string log_level;
};
struct StopRequest {
  std::uint64_t stop = 0;  // the Seq of the stream or monitor
};
struct LeaveRequest {};
struct QueryRequest {
  std::vector<std::string> filter_nodes;
  Tags filter_tags;  // tag to pattern, not anchored
  bool request_ack = false;
  std::uint8_t relay_factor = 0;
  std::int64_t timeout_ns = 0;  // 0: the agent's default
  std::string name;
  Bytes payload;
  // gossipd's own. True: the full timeout, though all have answered. False: not a moment longer than that.
  // Serf's clients say nothing of it.
  std::optional<bool> wait;
};
struct RespondRequest {
  std::uint64_t id = 0;
  Bytes payload;
};
enum class KeyChange : std::uint8_t { Install, Use, Remove };
struct KeyRequest {
  KeyChange change = KeyChange::Install;
  std::string key;  // base64
};
struct ListKeysRequest {};
struct StatsRequest {};
struct GetCoordinateRequest {
  std::string node;
};

struct ReloadRequest {};
struct SeedsRequest {};
struct MetricsRequest {};

using Request = std::variant<HandshakeRequest, AuthRequest, EventRequest, ForceLeaveRequest,
                             JoinRequest, MembersRequest, MembersFilteredRequest, TagsRequest,
                             StreamRequest, MonitorRequest, StopRequest, LeaveRequest, QueryRequest,
                             RespondRequest, KeyRequest, ListKeysRequest, StatsRequest,
                             GetCoordinateRequest, ReloadRequest, SeedsRequest, MetricsRequest>;

[[nodiscard]] Command command_of(const Request& request);

// Response bodies.
struct NoBody {};
struct JoinResponse {
  std::int32_t joined = 0;
};
struct MembersResponse {
  std::vector<Member> members;
};
struct KeyResponse {
  std::map<std::string, std::string> messages;  // by node
  // Base64 to the number of nodes that have it; only in answers to list-keys.
  std::optional<std::map<std::string, std::int64_t>> keys;
  std::int64_t node_count = 0;
  std::int64_t error_count = 0;
  std::int64_t response_count = 0;
  // gossipd's own (PrimaryKeys, Silent): base64 to the number of nodes that seal with it, and who did not
  // answer. Absent from Serf's agents.
  std::map<std::string, std::int64_t> primaries;
  std::vector<std::string> silent;
};
// Section to key to value; every value is text, also numbers and booleans (§5.11).
using StatsSections = std::map<std::string, std::map<std::string, std::string>>;
struct StatsResponse {
  StatsSections sections;
};
struct CoordinateResponse {
  std::optional<Coordinate> coordinate;  // absent: Ok is false
};

// What became of a changed configuration: names of the settings that were taken over, of those that wait for a
// restart, and lines about what was done otherwise or could not be done.
struct ReloadResponse {
  std::vector<std::string> taken;
  std::vector<std::string> restart;
  std::vector<std::string> warnings;
  std::vector<std::string> failed;
};

// Where an agent looks for members, and what became of it. Times are before now, but `next_ms`; absent: never,
// nothing is due, or (`since_ms`) nothing is under way.
struct SeedStatus {
  std::string seed;   // as configured
  std::string kind;   // address, name, service, script, file, mdns
  std::string state;  // looking up, joining, met, missing, only us, waiting
  std::vector<std::string> answer;
  std::string error;
  std::string note;
  std::uint64_t attempts = 0;
  std::uint64_t joins = 0;
  std::optional<std::int64_t> looked_up_ms = std::nullopt;
  std::optional<std::int64_t> joined_ms = std::nullopt;
  std::optional<std::int64_t> next_ms = std::nullopt;
  std::optional<std::int64_t> since_ms = std::nullopt;  // when the attempt under way began
};
struct SeedsResponse {
  std::vector<SeedStatus> seeds;
};

// The agent's figures, in an order that puts what belongs together side by side.
struct MetricsResponse {
  std::vector<metrics::Family> families;
};

using ResponseBody =
    std::variant<NoBody, JoinResponse, MembersResponse, KeyResponse, StatsResponse,
                 CoordinateResponse, ReloadResponse, SeedsResponse, MetricsResponse>;

// The body that goes with an error.
[[nodiscard]] ResponseBody zero_body(Command command);

// Records of stream, query and monitor.
struct QueryEvent {
  std::uint64_t id = 0;  // for `respond`, counted per connection
  LamportTime time = 0;
  std::string name;
  Bytes payload;
};
enum class QueryReplyKind : std::uint8_t { Ack, Response, Done };
// gossipd's own, in the record that says done (Asked, Answered, Declined, Silent): of the members that were
// asked, how many answered, how many said that they will not, and who did neither.
struct QuerySummary {
  std::int64_t asked = 0;
  std::int64_t answered = 0;
  std::int64_t declined = 0;
  std::vector<std::string> silent;
};
struct QueryReply {
  QueryReplyKind kind = QueryReplyKind::Ack;
  std::string from;
  Bytes payload;
  std::optional<QuerySummary> summary = std::nullopt;  // absent from Serf's agents
};
struct LogLine {
  std::string text;  // without newline
};

using Record = std::variant<MemberEvent, UserEvent, QueryEvent, QueryReply, LogLine>;

}  // namespace gossip::rpc
