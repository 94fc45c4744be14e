#include "sim/streams.h"

#include <algorithm>
#include <vector>

#include "sim/chance.h"

namespace gossip::sim {
namespace {

using What = Happening::What;

// As Linux does it, roughly.
constexpr Duration kFirstSynWait = std::chrono::seconds(1);
constexpr Duration kFirstSegmentWait = std::chrono::milliseconds(200);
constexpr Duration kLongestWait = std::chrono::seconds(20);

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;
constexpr std::size_t kSmallPieceBytes = 1460;
constexpr std::size_t kMaxFaultyBytes = 2048;

}  // namespace

Streams::Streams(Agenda& agenda, Links& links, const Directory& directory, base::Rng rng)
    : agenda_(agenda), links_(links), directory_(directory), rng_(rng) {}

Streams::Connection* Streams::find(ConnectionId id) {
  const auto it = connections_.find(id);
  return it == connections_.end() ? nullptr : &it->second;
}

void Streams::schedule(Duration after, What what, ConnectionId id, Side side) {
  agenda_.add(agenda_.now() + after, {.what = what, .connection = id, .side = side});
}

void Streams::draw_faults(Connection& connection) {
  if (happens(rng_, faults_.hang)) connection.wrong = Wrong::Hang;
  if (happens(rng_, faults_.reset)) connection.wrong = Wrong::Reset;
  if (happens(rng_, faults_.cut)) connection.wrong = Wrong::Cut;
  if (connection.wrong != Wrong::Nothing) connection.wrong_after = rng_.uniform(kMaxFaultyBytes);
}

void Streams::open(HostId host, const OpenStream& stream, TimePoint give_up_at) {
  const ConnectionId id = ++last_id_;
  Connection& connection = connections_[id];
  connection.to = stream.to;
  connection.patience = kFirstSynWait;
  End& dialler = end_of(connection, Side::Dialler);
  dialler.host = host;
  dialler.run = directory_.run(host);
  dialler.id = stream.id;
  dialler.is_named = true;
  named_.insert_or_assign({host, stream.id}, std::pair{id, Side::Dialler});
  draw_faults(connection);
  agenda_.add(give_up_at, {.what = What::OpenTimeout, .connection = id});
  // A connection that hangs from the start is one whose first packet is swallowed.
  if (connection.wrong != Wrong::Hang || connection.wrong_after % 2 == 0) try_syn(id);
}

void Streams::try_syn(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr || end_of(*connection, Side::Dialler).is_over) return;
  const HostId to = directory_.host_at(connection->to);
  if (to != kNobody) {
    const auto delay = links_.carry_segment(end_of(*connection, Side::Dialler).host, to);
    if (delay) return schedule(*delay, What::SynArrives, id, Side::Acceptor);
  }
  schedule(connection->patience, What::SynTry, id, Side::Dialler);
  connection->patience = std::min(2 * connection->patience, kLongestWait);
}

void Streams::syn_arrives(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr || connection->is_accepted) return;
  End& dialler = end_of(*connection, Side::Dialler);
  const HostId to = directory_.host_at(connection->to);
  const Presence presence = directory_.presence(to);
  const auto back = presence == Presence::Nobody ? std::optional<Duration>()
                                                 : links_.carry_segment(to, dialler.host);
  if (!back) return schedule(connection->patience, What::SynTry, id, Side::Dialler);
  if (presence == Presence::NoProcess) {
    agenda_.add(agenda_.now() + *back, {.what = What::Deliver,
                                        .host = dialler.host,
                                        .run = dialler.run,
                                        .input = {.kind = StepKind::StreamEnded,
                                                  .connection = id,
                                                  .side = Side::Dialler,
                                                  .end = StreamEnd::Refused}});
    return;
  }
  connection->is_accepted = true;
  End& acceptor = end_of(*connection, Side::Acceptor);
  acceptor.host = to;
  acceptor.run = directory_.run(to);
  acceptor.last_arrival = dialler.last_arrival = agenda_.now();
  agenda_.add(agenda_.now(), {.what = What::Deliver,
                              .host = to,
                              .run = acceptor.run,
                              .input = {.kind = StepKind::Accepted,
                                        .peer = directory_.address(dialler.host),
                                        .connection = id,
                                        .side = Side::Acceptor}});
  agenda_.add(agenda_.now() + *back,
              {.what = What::Deliver,
               .host = dialler.host,
               .run = dialler.run,
               .input = {.kind = StepKind::Opened, .connection = id, .side = Side::Dialler}});
}

void Streams::open_timed_out(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr || connection->is_accepted) return;
  end_with(id, *connection, Side::Dialler, StreamEnd::TimedOut);
}

bool Streams::accepted(ConnectionId connection, StreamId id) {
  Connection* const found = find(connection);
  if (found == nullptr || end_of(*found, Side::Acceptor).is_over) return false;
  End& acceptor = end_of(*found, Side::Acceptor);
  acceptor.id = id;
  acceptor.is_named = true;
  named_.insert_or_assign({acceptor.host, id}, std::pair{connection, Side::Acceptor});
  return true;
}

std::optional<StreamId> Streams::name(ConnectionId connection, Side side) const {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return std::nullopt;
  const End& end = found->second.ends[static_cast<std::size_t>(side)];
  return end.is_named ? std::make_optional(end.id) : std::nullopt;
}

void Streams::ended(ConnectionId connection, Side side) {
  Connection* const found = find(connection);
  if (found == nullptr) return;
  End& end = end_of(*found, side);
  forget_name(end);
  end.is_over = true;
  if (!found->is_accepted) end_of(*found, Side::Acceptor).is_over = true;
  erase_if_over(connection);
}

void Streams::forget_name(End& end) {
  if (!end.is_named) return;
  end.is_named = false;
  named_.erase({end.host, end.id});
}

void Streams::erase_if_over(ConnectionId id) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  const auto is_done = [](const End& end) { return end.is_over && end.out.empty(); };
  if (std::all_of(connection->ends.begin(), connection->ends.end(), is_done)) {
    connections_.erase(id);
  }
}

void Streams::write(HostId host, const WriteStream& stream) {
  const auto named = named_.find({host, stream.id});
  if (named == named_.end()) return;
  const auto [id, side] = named->second;
  Connection& connection = connections_.at(id);
  ByteView rest = stream.bytes;
  while (!rest.empty()) {
    std::size_t size = kPieceBytes;
    if (faults_.in_pieces) size = 1 + rng_.uniform(kSmallPieceBytes);
    const ByteView piece = rest.first(std::min(size, rest.size()));
    end_of(connection, side).out.push_back({Bytes(piece.begin(), piece.end())});
    rest = rest.subspan(piece.size());
  }
  push(id, connection, side);
}

void Streams::close(HostId host, StreamId id) {
  const auto named = named_.find({host, id});
  if (named == named_.end()) return;
  const auto [connection_id, side] = named->second;
  Connection& connection = connections_.at(connection_id);
  End& end = end_of(connection, side);
  forget_name(end);
  end.is_over = true;
  if (!connection.is_accepted) {
    end_of(connection, Side::Acceptor).is_over = true;
  } else {
    end.out.push_back({});
    push(connection_id, connection, side);
  }
  erase_if_over(connection_id);
}

// Sends what waits, until a piece is lost. That one is tried again later, and the others wait for it.
void Streams::push(ConnectionId id, Connection& connection, Side side) {
  End& from = end_of(connection, side);
  End& to = end_of(connection, other(side));
  while (!from.out.empty() && !from.waits) {
    Piece& piece = from.out.front();
    if (connection.wrong != Wrong::Nothing &&
        connection.carried + piece.bytes.size() > connection.wrong_after) {
      piece.bytes.resize(connection.wrong_after - connection.carried);
      if (connection.wrong == Wrong::Hang) {
        from.out.clear();
        return;
      }
      from.out.resize(1);
      if (connection.wrong == Wrong::Cut && !piece.bytes.empty()) from.out.push_back({});
    }
    const auto delay = links_.carry_segment(from.host, to.host);
    if (!delay) {
      from.patience = from.patience == Duration{} ? kFirstSegmentWait
                                                  : std::min(2 * from.patience, kLongestWait);
      from.waits = true;
      return schedule(from.patience, What::SegmentTry, id, side);
    }
    from.patience = {};
    connection.carried += piece.bytes.size();
    from.last_arrival = std::max(from.last_arrival, agenda_.now() + *delay);
    const bool breaks = connection.wrong == Wrong::Reset && from.out.size() == 1 &&
                        connection.carried == connection.wrong_after;
    Happening arrival{.what = breaks ? What::ResetArrives : What::SegmentArrives,
                      .connection = id,
                      .side = other(side)};
    arrival.input.bytes = std::move(piece.bytes);
    from.out.pop_front();
    agenda_.add(from.last_arrival, std::move(arrival));
    if (breaks) schedule(*delay, What::ResetArrives, id, side);
  }
}

void Streams::segment_arrives(ConnectionId id, Side side, Bytes bytes) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  End& end = end_of(*connection, side);
  const bool is_there = directory_.presence(end.host) != Presence::Nobody;
  if (!is_there) return;
  const bool is_end = bytes.empty();
  if (end.is_over || directory_.run(end.host) != end.run) {
    if (!is_end) send_reset(id, *connection, side);
    return;
  }
  if (is_end) return end_with(id, *connection, side, StreamEnd::Closed);
  agenda_.add(agenda_.now(), {.what = What::Deliver,
                              .host = end.host,
                              .run = end.run,
                              .input = {.kind = StepKind::StreamBytes,
                                        .bytes = std::move(bytes),
                                        .connection = id,
                                        .side = side}});
}

void Streams::send_reset(ConnectionId id, Connection& connection, Side side) {
  End& from = end_of(connection, side);
  End& to = end_of(connection, other(side));
  from.out.clear();
  if (to.is_over || to.host == kNobody) return;
  const auto delay = links_.carry_segment(from.host, to.host);
  if (delay) schedule(*delay, What::ResetArrives, id, other(side));
}

void Streams::reset_arrives(ConnectionId id, Side side) {
  Connection* const connection = find(id);
  if (connection == nullptr) return;
  end_of(*connection, side).out.clear();
  if (!end_of(*connection, side).is_over) end_with(id, *connection, side, StreamEnd::Reset);
  erase_if_over(id);
}

void Streams::end_with(ConnectionId id, Connection& connection, Side side, StreamEnd why) {
  const End& end = end_of(connection, side);
  agenda_.add(
      agenda_.now(),
      {.what = What::Deliver,
       .host = end.host,
       .run = end.run,
       .input = {.kind = StepKind::StreamEnded, .connection = id, .side = side, .end = why}});
}

void Streams::drop_all(HostId host, bool kernel_lives) {
  std::vector<std::pair<ConnectionId, Side>> gone;
  for (auto it = named_.lower_bound({host, 0}); it != named_.end() && it->first.first == host; ++it)
    gone.push_back(it->second);
  for (const auto& [id, side] : gone) {
    Connection& connection = connections_.at(id);
    End& end = end_of(connection, side);
    forget_name(end);
    end.is_over = true;
    end.out.clear();
    if (!connection.is_accepted) end_of(connection, Side::Acceptor).is_over = true;
    if (kernel_lives && connection.is_accepted) send_reset(id, connection, side);
    erase_if_over(id);
  }
}

void Streams::handle(Happening& happening) {
  const ConnectionId id = happening.connection;
  switch (happening.what) {
    case What::SynTry: try_syn(id); break;
    case What::SynArrives: syn_arrives(id); break;
    case What::OpenTimeout: open_timed_out(id); break;
    case What::SegmentTry:
      if (Connection* const connection = find(id)) {
        end_of(*connection, happening.side).waits = false;
        push(id, *connection, happening.side);
        erase_if_over(id);
      }
      break;
    case What::SegmentArrives:
      segment_arrives(id, happening.side, std::move(happening.input.bytes));
      break;
    case What::ResetArrives: reset_arrives(id, happening.side); break;
    case What::Deliver:
    case What::Timer:
    case What::Ready:
    case What::Act: break;
  }
}

}  // namespace gossip::sim
