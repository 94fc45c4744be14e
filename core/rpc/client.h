// The client's side of one connection, without the connection: typed requests become bytes, bytes become
// responses and records. Sequence numbers, open streams and the body rule are its business; sockets,
// time limits and what to ask are the caller's.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

#include "rpc/protocol.h"
#include "rpc/reader.h"

namespace gossip::rpc {

struct Response {
  std::uint64_t seq = 0;
  Command command = Command::Handshake;
  std::string error;  // the agent's text, empty on success
  ResponseBody body;  // NoBody if the command has none, or the error came without
};

// Belongs to the stream, monitor or query whose request had this Seq.
struct StreamRecord {
  std::uint64_t seq = 0;
  Record record;
};

using Arrival = std::variant<Response, StreamRecord>;

class Client {
 public:
  Client() = default;

  // Appends the request's bytes to `out` and returns its Seq, by which its response is known.
  std::uint64_t send(const Request& request, Bytes& out);

  // Takes bytes as they came, cut anywhere, and appends what they complete to `out`. Records of streams
  // that nobody here opened, and query records without a sender (a race of Serf's, §6.3), are left out.
  // Refused: these bytes are not the protocol, the connection is of no use any more.
  Expected<void> receive(ByteView bytes, std::vector<Arrival>& out);

  // No request waits for its response.
  [[nodiscard]] bool idle() const { return pending_.empty(); }
  // A stream, monitor or query that has begun and neither been stopped nor is done.
  [[nodiscard]] bool is_open(std::uint64_t seq) const { return open_.contains(seq); }

 private:
  enum class Expecting : std::uint8_t { Header, BodyOfResponse, BodyOfRecord, Unknown };

  Expected<void> take(ByteView object, std::vector<Arrival>& out);
  Expected<void> take_header(ByteView object, std::vector<Arrival>& out);
  Expected<void> take_response_body(ByteView object, std::vector<Arrival>& out);
  void take_record(ByteView object, std::vector<Arrival>& out);
  void finish_response(ResponseBody body, std::vector<Arrival>& out);

  Reader reader_;
  std::uint64_t last_seq_ = 0;
  std::map<std::uint64_t, Command> pending_;
  std::map<std::uint64_t, Command> open_;
  std::set<std::uint64_t> ended_;  // stopped; some records may still be on their way
  Expecting expecting_ = Expecting::Header;
  ResponseHeader header_;  // of the body that comes next
};

}  // namespace gossip::rpc
