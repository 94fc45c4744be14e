#include "agent/discovery/discovery.h"

#include <algorithm>
#include <utility>

#include "agent/join_failures.h"
#include "agent/system/interface.h"
#include "base/overloaded.h"
#include "config/host_name.h"

namespace gossip::agent::discovery {

Expected<std::unique_ptr<Discovery>> Discovery::open(Settings settings, Surroundings around) {
  const Address& advertised = around.host.address().local.advertised;
  const Announcement announcement{settings.config.cluster, std::string(around.host.engine().name()),
                                  config::host_name().value_or(""), advertised};
  std::unique_ptr<Discovery> discovery(new Discovery(std::move(settings), around, announcement));
  const Expected<void> opened = discovery->open_handles(advertised);
  if (!opened) return tl::unexpected<Error>(opened.error());
  return discovery;
}

Expected<void> Discovery::open_handles(const Address& advertised) {
  MdnsSockets::Settings settings{settings_.config.interface, settings_.config.ipv4,
                                 settings_.config.ipv6};
  // Loopback carries no multicast to others; the system's choice may.
  if (settings.interface.empty() && !advertised.ip.is_loopback()) {
    settings.interface = interface_of(advertised.ip);
  }
  Expected<std::unique_ptr<MdnsSockets>> sockets =
      MdnsSockets::open(around_.loop, around_.count, settings, *this, notes_);
  if (!sockets) return tl::unexpected<Error>(std::move(sockets.error()));
  sockets_ = std::move(*sockets);
  const auto ring = [](void* self) { static_cast<Discovery*>(self)->advance(); };
  const int code = timer_.open(around_.loop, around_.count, ring, this);
  if (code != 0) {
    return fail(ErrorCode::System, std::string("cannot open a timer: ") + uv_strerror(code));
  }
  return {};
}

void Discovery::start() {
  for (const std::string& note : notes_)
    around_.log.write(LogLevel::Warn, "agent.mdns: " + note);
  mdns_.start(runtime::loop_now());
  advance();
}

void Discovery::close() {
  closed_ = true;
  sockets_.reset();
  timer_.close();
}

void Discovery::packet_received(Arrival arrival, const MdnsSockets::Sender& from, ByteView packet) {
  MdnsEffects effects;
  mdns_.receive(runtime::loop_now(), arrival, packet, effects);
  for (const MdnsEffect& effect : effects) {
    if (const auto* answer = std::get_if<Answer>(&effect)) {
      MdnsSockets::answer(from, answer->packet);
    }
  }
  timer_.arm(mdns_.next_deadline());
}

void Discovery::advance() {
  if (closed_) return;
  MdnsEffects effects;
  mdns_.advance(runtime::loop_now(), living_members(), effects);
  carry_out(effects);
  if (!closed_) timer_.arm(mdns_.next_deadline());
}

void Discovery::carry_out(const MdnsEffects& effects) {
  for (const MdnsEffect& effect : effects) {
    std::visit(base::Overloaded{
                   [&](const Ask& ask_them) { ask(ask_them.packet); },
                   [&](const JoinFound& found) { join(found.addresses); },
                   [](const Answer&) {},  // comes with a packet alone
               },
               effect);
  }
}

void Discovery::ask(const Bytes& packet) {
  const Expected<void> asked = sockets_->ask(packet);
  // Once, not every minute.
  if (!asked && asking_error_.empty()) {
    around_.log.write(LogLevel::Warn, "agent.mdns: " + asked.error().message);
  }
  asking_error_ = asked ? "" : asked.error().message;
}

void Discovery::join(const std::vector<Address>& found) {
  std::vector<std::string> texts;
  texts.reserve(found.size());
  for (const Address& address : found)
    texts.push_back(address.to_string());
  const Expected<void> begun = around_.host.join(
      texts, settings_.replay, [this, found](const JoinResult& result) { joined(found, result); });
  if (begun) return;
  JoinResult result;
  for (const std::string& text : texts)
    result.failures.push_back({text, begun.error().message});
  joined(found, result);
}

void Discovery::joined(const std::vector<Address>& found, const JoinResult& result) {
  if (closed_) return;
  std::vector<Address> failed;
  for (const Address& address : found) {
    const bool did = std::any_of(
        result.failures.begin(), result.failures.end(),
        [&](const JoinFailure& failure) { return failure.address == address.to_string(); });
    if (did) failed.push_back(address);
  }
  if (result.joined > 0) {
    around_.log.write(LogLevel::Info,
                      "agent.mdns: Joined " + std::to_string(result.joined) + " hosts");
  }
  if (!failed.empty()) {
    around_.log.write(LogLevel::Warn,
                      "agent.mdns: Failed to join, will try again: " + describe(result.failures));
  }
  std::string error;
  if (!result.failures.empty()) {
    error = result.failures.front().address + ": " + result.failures.front().reason;
  }
  mdns_.joined(runtime::loop_now(), failed, std::move(error));
  timer_.arm(mdns_.next_deadline());
}

seeds::SeedReport Discovery::report() const {
  seeds::SeedReport report = mdns_.report(runtime::loop_now(), living_members());
  const config::DiscoveryConfig& config = settings_.config;
  report.seed = config.seed.empty() ? "mdns:" + config.cluster : config.seed;
  if (!report.error.empty() && !asking_error_.empty()) report.error = asking_error_;
  return report;
}

std::vector<Address> Discovery::living_members() const {
  std::vector<Address> addresses;
  for (const Member& member : around_.host.engine().members()) {
    if (member.status != MemberStatus::Alive) continue;
    addresses.push_back({member.address.ip.shortest(), member.address.port});
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

}  // namespace gossip::agent::discovery
