#include "runtime/host_parts.h"

#include <utility>
#include <variant>

#include "base/check.h"
#include "base/earlier.h"
#include "base/overloaded.h"

namespace gossip::runtime {

namespace {

// A burst's memory is given back; below this the buffer is kept.
constexpr std::size_t kKeptEffects = 64;

template <typename List>
void clear(List& list) {
  if (list.capacity() > kKeptEffects) {
    list = List();
  } else {
    list.clear();
  }
}

}  // namespace

Host::Parts::Parts(uv_loop_t* loop_in, Config config, BoundAddress address_in, BoundSockets sockets,
                   HostListener& listener_in)
    : loop(loop_in),
      address(std::move(address_in)),
      snapshot_path(config.snapshot_path),
      keyring_path(config.keyring_path),
      listener(listener_in),
      texts(kernel_hash_seed()),
      engine(std::move(config), address.local, kernel_seed(), nonces, texts),
      udp(std::move(sockets.udp), *this),
      tcp(std::move(sockets.tcp), *this) {}

void Host::Parts::packet_received(const Address& from, ByteView datagram) {
  if (is_silent()) return;
  engine.receive_packet(loop_now(), from, datagram, effects);
}

void Host::Parts::packet_refused(const Address& to) {
  if (is_silent()) return;
  engine.packet_refused(loop_now(), to, effects);
}

std::optional<StreamId> Host::Parts::stream_accepted(const Address& from) {
  if (is_silent()) return std::nullopt;
  return engine.accept_stream(loop_now(), from, effects);
}

void Host::Parts::stream_opened(StreamId id) {
  if (is_silent()) return;
  engine.stream_opened(loop_now(), id, effects);
}

void Host::Parts::stream_received(StreamId id, ByteView bytes) {
  if (is_silent()) return;
  engine.receive_stream(loop_now(), id, bytes, effects);
}

void Host::Parts::stream_ended(StreamId id, StreamEnd why) {
  if (is_silent()) return;
  engine.stream_ended(loop_now(), id, why, effects);
}

void Host::Parts::warned(std::string text) {
  effects.emplace_back(Log{LogLevel::Warn, std::move(text)});
}

void Host::Parts::socket_lost(std::string why) {
  if (!lost_socket) lost_socket = std::move(why);
}

void Host::Parts::start() {
  GOSSIP_CHECK(phase == Phase::Created);
  phase = Phase::Running;
  resolver.emplace(loop);
  // A timer cannot fail to open (uv_timer_init); a descriptor can, when the system has no room to watch it.
  (void)timer.open(
      loop, handles, [](void* parts) { static_cast<Parts*>(parts)->ring(); }, this);
  for (const int code : {udp.open(loop, handles), tcp.open(loop, handles)}) {
    if (code != 0) socket_lost(std::string("cannot watch a socket: ") + uv_strerror(code));
  }
  if (snapshot) snapshot->begin(loop, handles);
  if (keyring) keyring->begin(loop, handles);
  engine.start(loop_now(), std::exchange(last_run, {}), effects);
  flush_soon();
}

// The handles are closed from the timer's ring: this may be called from inside any callback of theirs.
void Host::Parts::close(std::function<void()> closed_in) {
  GOSSIP_CHECK(phase != Phase::Closing && phase != Phase::Closed);
  if (phase == Phase::Created) {
    phase = Phase::Closed;
    return closed_in();
  }
  phase = Phase::Closing;
  closed = std::move(closed_in);
  flush_soon();
}

void Host::Parts::join(Resolved resolved, Replay replay, JoinDone done) {
  if (is_silent()) return;
  JoinResult none{0, resolved.failures};
  if (!resolved.contacts.empty()) {
    const Expected<OpId> op = engine.join(loop_now(), resolved.contacts, replay, effects);
    if (op) {
      joins.emplace(*op, PendingJoin{std::move(done), std::move(resolved.failures)});
      return flush_soon();
    }
    for (const Address& contact : resolved.contacts) {
      none.failures.push_back({contact.to_string(), op.error().message});
    }
  }
  results.emplace_back([result = std::move(none), done = std::move(done)] { done(result); });
  flush_soon();
}

void Host::Parts::flush_soon() {
  soon = true;
  if (!carrying) arm();
}

Expected<void> Host::Parts::check_running() const {
  if (phase == Phase::Running) return {};
  return fail(ErrorCode::WrongState,
              phase == Phase::Created ? "the node is not running yet" : "the node has stopped");
}

void Host::Parts::ring() {
  soon = false;
  if (phase == Phase::Closing) return shut_down();
  if (is_silent()) return;
  const TimePoint now = loop_now();
  tcp.advance(now);
  if (snapshot) snapshot->advance(now);
  if (const std::optional<TimePoint> due = engine.next_deadline(); due && *due <= now) {
    engine.advance(now, effects);
  }
  flush();
}

void Host::Parts::shut_down() {
  phase = Phase::Closed;
  resolver.reset();
  joins.clear();
  leaves.clear();
  key_changes.clear();
  queries.clear();
  results.clear();
  close_files();
  udp.close();
  tcp.close();
  timer.close();
  handles.when_none_left(std::exchange(closed, nullptr));
}

void Host::Parts::flush() {
  if (carrying) return;
  carrying = true;
  while (!is_silent() && (!effects.empty() || !results.empty())) {
    for (const std::function<void()>& result : std::exchange(results, {})) {
      if (!is_silent()) result();
    }
    std::swap(effects, running);
    carry_out(running);
    clear(running);
  }
  if (lost_socket && !is_silent()) stop({ErrorCode::System, std::move(*lost_socket)});
  if (is_silent()) {
    effects = {};
  } else {
    listener.turned();
  }
  carrying = false;
  arm();
}

void Host::Parts::arm() {
  std::optional<TimePoint> next;
  if (!is_silent()) {
    next = base::earlier(engine.next_deadline(), tcp.next_deadline());
    if (snapshot) next = base::earlier(next, snapshot->next_deadline());
  }
  if (soon) next = TimePoint::min();
  timer.arm(next);
}

void Host::Parts::carry_out(Effects& list) {
  for (Effect& effect : list) {
    if (is_silent()) break;
    if (const auto* packet = std::get_if<SendPacket>(&effect)) {
      packets.push_back({packet->to, packet->datagram});
      continue;
    }
    send_collected();
    carry_out(effect);
  }
  if (is_silent()) packets.clear();
  send_collected();
}

void Host::Parts::send_collected() {
  udp.send(packets);
  clear(packets);
}

void Host::Parts::carry_out(Effect& effect) {
  std::visit(base::Overloaded{
                 [](SendPacket&) {},  // collected above
                 [this](OpenStream& wish) { tcp.open_stream(loop_now(), wish); },
                 [this](WriteStream& write) { tcp.write_stream(write.id, write.bytes); },
                 [this](CloseStream& close_it) { tcp.close_stream(loop_now(), close_it.id); },
                 [this](Publish& publish) { listener.published(publish.event); },
                 [this](QueryReply& reply) {
                   const auto asked = queries.find(reply.query);
                   if (asked != queries.end()) asked->second.replied(reply);
                 },
                 [this](QueryDone& done) { finish_query(done); },
                 [this](Save& wish) { save(wish); },
                 [this](Finish& finished) { finish(finished); },
                 [this](Stop& stopping) {
                   switch (stopping.reason) {
                     case StopReason::NameTaken:
                       stop({ErrorCode::WrongState,
                             "the name \"" + engine.name() + "\" belongs to the member at " +
                                 stopping.who + "; start with another node name"});
                       break;
                   }
                 },
                 [this](Log& log) { listener.logged(log.level, log.text); },
             },
             effect);
}

void Host::Parts::finish(Finish& finished) {
  if (auto* joined = std::get_if<JoinResult>(&finished.result)) {
    const auto found = joins.extract(finished.op);
    if (found.empty()) return;
    PendingJoin& pending = found.mapped();
    joined->failures.insert(joined->failures.begin(),
                            std::make_move_iterator(pending.unresolved.begin()),
                            std::make_move_iterator(pending.unresolved.end()));
    pending.done(*joined);
    return;
  }
  if (const auto* keys = std::get_if<KeyResult>(&finished.result)) {
    const auto found = key_changes.extract(finished.op);
    if (!found.empty()) found.mapped()(*keys);
    return;
  }
  const auto found = leaves.extract(finished.op);
  if (!found.empty()) found.mapped()(std::get<LeaveResult>(finished.result));
}

void Host::Parts::finish_query(const QueryDone& done) {
  const auto found = queries.extract(done.query);
  if (!found.empty()) found.mapped().done(done);
}

void Host::Parts::stop(const Error& why) {
  phase = Phase::Stopped;
  packets.clear();
  listener.stopped(why);
}

}  // namespace gossip::runtime
