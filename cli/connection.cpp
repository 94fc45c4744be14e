#include "cli/connection.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "cli/output.h"

namespace gossip::cli {
namespace {

using std::chrono::steady_clock;

// The agent's errors may be several lines (a failed join) with blank ones at the end.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != '\t') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// While there is no connection yet, which shows what takes long from then on.
Expected<Socket> reach(const rpc::Endpoint& endpoint, const std::string& where, Deadline deadline) {
  if (!Output::is_watched()) return Socket::connect(endpoint, deadline, nullptr);
  Progress progress;
  progress.begin("reaching the agent at " + where, steady_clock::now());
  bool shown = false;
  Expected<Socket> socket = Socket::connect(endpoint, deadline, [&](std::string_view what) {
    progress.note(std::string(what));
    const std::optional<std::string> line = progress.line(steady_clock::now());
    if (!line) return;
    Output::show_passing(*line);
    shown = true;
  });
  if (shown) Output::wipe_passing();
  return socket;
}

}  // namespace

bool is_unknown_command(const Error& error) {
  return error.message.find(rpc::kUnsupportedCommand) != std::string::npos;
}

Expected<Connection> Connection::open(const rpc::Endpoint& endpoint,
                                      const std::optional<std::string>& token, Deadline deadline) {
  const std::string where = rpc::to_string(endpoint);
  Expected<Socket> socket = reach(endpoint, where, deadline);
  if (!socket) {
    return tl::unexpected(socket.error());
  }
  Connection connection(std::move(*socket), where, deadline);
  if (Expected<void> introduced = connection.introduce(token); !introduced) {
    return tl::unexpected(introduced.error());
  }
  return connection;
}

Connection::Connection(Socket socket, std::string where, Deadline deadline)
    : socket_(std::move(socket)),
      where_(std::move(where)),
      deadline_(deadline),
      watched_(Output::is_watched()) {
  begins("waiting for the agent");
}

void Connection::begins(std::string what) {
  progress_.begin(std::move(what), steady_clock::now());
}

Expected<void> Connection::introduce(const std::optional<std::string>& token) {
  const Expected<rpc::Response> greeted = call(rpc::HandshakeRequest{});
  if (!greeted) {
    Error error = greeted.error();
    if (error.code == ErrorCode::Refused && error.message == rpc::kPermissionDenied) {
      error.message =
          "the agent at " + where_ +
          " refuses this user: Permission denied (its rpc_uids and rpc_gids say who may)";
    } else if (error.code == ErrorCode::System) {
      error = {ErrorCode::Unreachable,
               "what listens at " + where_ + " is no agent: " + error.message};
    }
    return tl::unexpected(error);
  }
  if (token) {
    const Expected<rpc::Response> accepted = call(rpc::AuthRequest{*token});
    if (!accepted) {
      Error error = accepted.error();
      if (error.code == ErrorCode::Refused) {
        error.message = "the agent at " + where_ + " refuses the token: " + error.message +
                        " (a Serf agent that wants no token refuses every one)";
      }
      return tl::unexpected(error);
    }
  }
  return {};
}

Expected<rpc::Response> Connection::exchange(const rpc::Request& request) {
  Bytes bytes;
  const std::uint64_t seq = client_.send(request, bytes);
  if (Expected<void> sent = socket_.send(bytes, deadline_); !sent) {
    return tl::unexpected(sent.error());
  }
  for (;;) {
    while (!responses_.empty()) {
      rpc::Response response = std::move(responses_.front());
      responses_.pop_front();
      if (response.seq != seq) {
        continue;
      }
      if (response.error == rpc::kAuthenticationRequired) {
        return fail(
            ErrorCode::Refused,
            response.error + ": give the agent's token by --rpc-auth-file or $GOSSIP_RPC_AUTH");
      }
      // A failed reload has a line for each mistake, which its command tells apart.
      if (!std::holds_alternative<rpc::ReloadRequest>(request)) {
        response.error = one_line(response.error);
      }
      return response;
    }
    if (Expected<void> more = receive_more(deadline_); !more) {
      return tl::unexpected(more.error());
    }
  }
}

Expected<rpc::Response> Connection::call(const rpc::Request& request) {
  Expected<rpc::Response> response = exchange(request);
  if (response && !response->error.empty()) {
    return fail(ErrorCode::Refused, response->error);
  }
  return response;
}

Expected<rpc::StreamRecord> Connection::next_record() {
  return next_record_by(deadline_);
}

Expected<rpc::StreamRecord> Connection::next_record_within(std::chrono::nanoseconds patience) {
  const Deadline soon = std::chrono::steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::steady_clock::duration>(patience);
  return next_record_by(deadline_ ? std::min(*deadline_, *soon) : soon);
}

bool Connection::is_late() const {
  return deadline_ && std::chrono::steady_clock::now() >= *deadline_;
}

Expected<rpc::StreamRecord> Connection::next_record_by(Deadline deadline) {
  while (records_.empty()) {
    if (Expected<void> more = receive_more(deadline); !more) {
      return tl::unexpected(more.error());
    }
  }
  rpc::StreamRecord record = std::move(records_.front());
  records_.pop_front();
  return record;
}

Expected<void> Connection::receive_more(Deadline deadline) {
  if (broken_) {
    return tl::unexpected(*broken_);
  }
  Bytes bytes;
  if (Expected<void> received = receive_bytes(bytes, deadline); !received) {
    return received;
  }
  std::vector<rpc::Arrival> arrivals;
  const Expected<void> taken = client_.receive(bytes, arrivals);
  for (rpc::Arrival& arrival : arrivals) {
    if (auto* const response = std::get_if<rpc::Response>(&arrival)) {
      responses_.push_back(std::move(*response));
    } else {
      records_.push_back(std::move(std::get<rpc::StreamRecord>(arrival)));
    }
  }
  if (!taken) {
    broken_ = {ErrorCode::System,
               "its answer is not Serf's RPC protocol"};  // once what came before is used up
  }
  return {};
}

void Connection::show_progress() {
  const auto line = watched_ ? progress_.line(steady_clock::now()) : std::nullopt;
  if (!line) return;
  Output::show_passing(*line);
  shown_ = true;
}

void Connection::wipe_progress() {
  if (std::exchange(shown_, false)) Output::wipe_passing();
}

Expected<void> Connection::receive_bytes(Bytes& bytes, Deadline deadline) {
  for (;;) {
    show_progress();
    const Deadline change = watched_ ? progress_.next_change(steady_clock::now()) : std::nullopt;
    const bool looks_up = change && (!deadline || *change < *deadline);
    Expected<void> received = socket_.receive(bytes, looks_up ? change : deadline);
    const bool late = !received && received.error().code == ErrorCode::TimedOut;
    if (late && looks_up && !socket_.interrupted()) continue;
    wipe_progress();
    return received;
  }
}

}  // namespace gossip::cli
