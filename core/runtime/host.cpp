#include "runtime/host.h"

#include <array>
#include <utility>

#include <uv.h>

#include "base/check.h"
#include "runtime/host_parts.h"
#include "runtime/keyring_file.h"
#include "runtime/local_address.h"
#include "wire/tags_codec.h"

namespace gossip::runtime {

namespace {

std::string host_name() {
  std::array<char, UV_MAXHOSTNAMESIZE> name{};
  std::size_t size = name.size();
  if (uv_os_gethostname(name.data(), &size) != 0) return "localhost";
  return {name.data(), size};
}

}  // namespace

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Host::~Host() = default;

Expected<std::unique_ptr<Host>> Host::create(uv_loop_t* loop, Config config,
                                             HostListener& listener) {
  if (config.node_name.empty()) config.node_name = host_name();
  if (config.encryption_keys.empty() && !config.keyring_path.empty()) {
    Expected<std::vector<Bytes>> keys = read_keyring_file(config.keyring_path);
    if (!keys) return tl::unexpected(keys.error());
    config.encryption_keys = std::move(*keys);
  }
  if (Expected<void> sound = check(config); !sound) return tl::unexpected(sound.error());
  const Expected<Bytes> tags = wire::encode_tags(config.tags, config.protocol);
  if (!tags) return tl::unexpected(tags.error());
  const Expected<Address> bind = resolve_local(config.bind_addr, "bind address");
  if (!bind) return tl::unexpected(bind.error());
  Expected<BoundSockets> sockets = bind_sockets(*bind);
  if (!sockets) return tl::unexpected(sockets.error());
  Expected<AdvertisedAddress> advertised =
      choose_advertised(sockets->address, config.advertise_addr);
  if (!advertised) return tl::unexpected(advertised.error());
  BoundAddress address{sockets->address, advertised->local, std::move(advertised->note)};
  auto parts = std::make_unique<Parts>(loop, std::move(config), std::move(address),
                                       std::move(*sockets), listener);
  if (Expected<void> opened = parts->open_files(); !opened) {
    return tl::unexpected(opened.error());
  }
  return std::unique_ptr<Host>(new Host(std::move(parts)));
}

void Host::start() {
  parts_->start();
}

void Host::close(std::function<void()> closed) {
  parts_->close(std::move(closed));
}

Expected<void> Host::join(const std::vector<std::string>& addresses, Replay replay, JoinDone done) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  if (addresses.empty()) return fail(ErrorCode::InvalidArgument, "no address to join");
  parts_->resolver->resolve(
      addresses, parts_->address.bound.port,
      [parts = parts_.get(), replay, done = std::move(done)](Resolved resolved) mutable {
        parts->join(std::move(resolved), replay, std::move(done));
      });
  return {};
}

Expected<void> Host::leave(LeaveDone done) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  const Expected<OpId> op = parts_->engine.leave(loop_now(), parts_->effects);
  parts_->flush_soon();
  if (!op) return tl::unexpected(op.error());
  parts_->leaves.emplace(*op, std::move(done));
  return {};
}

Expected<void> Host::set_tags(Tags tags) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  Expected<void> result = parts_->engine.set_tags(loop_now(), std::move(tags), parts_->effects);
  parts_->flush_soon();
  return result;
}

Expected<void> Host::force_leave(std::string_view name, Prune prune) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  Expected<void> result = parts_->engine.force_leave(loop_now(), name, prune, parts_->effects);
  parts_->flush_soon();
  return result;
}

Expected<void> Host::send_event(std::string_view name, ByteView payload, Coalesce coalesce) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  Expected<void> result =
      parts_->engine.send_event(loop_now(), name, payload, coalesce, parts_->effects);
  parts_->flush_soon();
  return result;
}

Expected<QueryToken> Host::query(const QueryParams& params, QueryCallbacks callbacks) {
  if (Expected<void> running = parts_->check_running(); !running) {
    return tl::unexpected(running.error());
  }
  Expected<QueryToken> token = parts_->engine.send_query(loop_now(), params, parts_->effects);
  if (token) parts_->queries.emplace(*token, std::move(callbacks));
  parts_->flush_soon();
  return token;
}

Expected<void> Host::respond(QueryToken query, ByteView payload) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  Expected<void> result = parts_->engine.respond(loop_now(), query, payload, parts_->effects);
  parts_->flush_soon();
  return result;
}

void Host::decline(QueryToken query) {
  if (!parts_->check_running()) return;
  parts_->engine.decline(loop_now(), query, parts_->effects);
  parts_->flush_soon();
}

Expected<void> Host::change_keys(const KeyCommand& command, KeysDone done) {
  if (Expected<void> running = parts_->check_running(); !running) return running;
  const Expected<OpId> op = parts_->engine.change_keys(loop_now(), command, parts_->effects);
  parts_->flush_soon();
  if (!op) return tl::unexpected(op.error());
  parts_->key_changes.emplace(*op, std::move(done));
  return {};
}

const Engine& Host::engine() const {
  return parts_->engine;
}

const BoundAddress& Host::address() const {
  return parts_->address;
}

const UdpCounters& Host::udp_counters() const {
  return parts_->udp.counters();
}

}  // namespace gossip::runtime
