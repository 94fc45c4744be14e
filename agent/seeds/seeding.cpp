#include "agent/seeds/seeding.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "base/overloaded.h"
#include "runtime/kernel_nonces.h"
#include "runtime/sockaddr.h"

namespace gossip::agent::seeds {
namespace {

Address shortest(const Address& address) {
  return {address.ip.shortest(), address.port};
}

// Of all interfaces of this host.
std::vector<IpAddress> host_addresses() {
  uv_interface_address_t* found = nullptr;
  int count = 0;
  std::vector<IpAddress> addresses;
  if (uv_interface_addresses(&found, &count) != 0) return addresses;
  for (int i = 0; i < count; ++i) {
    const auto* socket = reinterpret_cast<const sockaddr*>(&found[i].address);
    if (const std::optional<Address> address = runtime::to_address(socket)) {
      addresses.push_back(address->ip);
    }
  }
  uv_free_interface_addresses(found, count);
  return addresses;
}

std::optional<std::int64_t> milliseconds(std::optional<Duration> duration) {
  if (!duration) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration).count();
}

gossip::rpc::SeedStatus status_of(const SeedReport& report, TimePoint now) {
  const auto ago = [now](std::optional<TimePoint> at) -> std::optional<Duration> {
    if (!at) return std::nullopt;
    return now - *at;
  };
  gossip::rpc::SeedStatus status;
  status.seed = report.seed;
  status.kind = report.kind;
  status.state = report.state;
  for (const Address& address : report.answer)
    status.answer.push_back(address.to_string());
  status.error = report.error;
  status.note = report.note;
  status.attempts = report.attempts;
  status.joins = report.joins;
  status.looked_up_ms = milliseconds(ago(report.looked_up_at));
  status.joined_ms = milliseconds(ago(report.joined_at));
  status.since_ms = milliseconds(ago(report.begun_at));
  if (report.next_at)
    status.next_ms = milliseconds(std::max(*report.next_at - now, Duration::zero()));
  return status;
}

}  // namespace

Seeding::Seeding(Surroundings around, std::function<void()> gave_up)
    : around_(around),
      gave_up_(std::move(gave_up)),
      seeds_(runtime::kernel_seed()),
      lookups_(around.loop, around.handles) {}

Expected<void> Seeding::open() {
  const auto ring = [](void* self) { static_cast<Seeding*>(self)->advance(); };
  if (timer_.open(around_.loop, around_.handles, ring, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  return lookups_.open(around_.host.address().bound.port,
                       [this](SeedId seed, Expected<SeedAnswer> answer) {
                         seeds_.looked_up(runtime::loop_now(), seed, std::move(answer));
                         advance();
                       });
}

void Seeding::close() {
  closed_ = true;
  timer_.close();
  lookups_.close();
}

void Seeding::set(const config::AgentConfig& config) {
  replay_ = config.node.replay_on_join;
  lookups_.limit_scripts(config.events.handler_timeout);
  seeds_.set(runtime::loop_now(), config.seeds,
             {config.retry_interval, config.retry_max_attempts, config.seed_refresh});
  timer_.arm(seeds_.next_deadline());
}

void Seeding::published(const MemberEvent& event) {
  const bool lost = event.kind != MemberEventKind::Join && event.kind != MemberEventKind::Update;
  if (lost) {
    seeds_.member_lost(runtime::loop_now());
  } else {
    seeds_.members_changed(runtime::loop_now());
  }
  timer_.arm(seeds_.next_deadline());
}

void Seeding::advance() {
  if (closed_) return;
  do {
    for (const Refused& refused : std::exchange(refused_, {})) {
      seeds_.joined(runtime::loop_now(), refused.seed, refused.address,
                    tl::unexpected<Error>(refused.why));
    }
    SeedEffects effects;
    seeds_.advance(runtime::loop_now(), sight(), effects);
    for (const SeedEffect& effect : effects)
      carry_out(effect);
  } while (!closed_ && !refused_.empty());
  timer_.arm(seeds_.next_deadline());
}

void Seeding::carry_out(const SeedEffect& effect) {
  if (closed_) return;
  std::visit(base::Overloaded{
                 [&](const LookUp& look) { lookups_.begin(look.seed, look.spec); },
                 [&](const JoinSeed& one) { join(one.seed, one.address); },
                 [&](const Say& line) { around_.log.write(line.level, "agent: " + line.text); },
                 [&](const GiveUp&) { gave_up_(); },
             },
             effect);
}

void Seeding::join(SeedId seed, const Address& address) {
  around_.log.write(LogLevel::Debug, "agent: joining the seed " + address.to_string());
  const Expected<void> begun = around_.host.join(
      {address.to_string()}, replay_,
      [this, seed, address](const JoinResult& result) { joined(seed, address, result); });
  if (!begun) refused_.push_back({seed, address, begun.error()});
}

void Seeding::joined(SeedId seed, const Address& address, const JoinResult& result) {
  if (closed_) return;
  Expected<void> outcome;
  if (result.joined == 0) {
    outcome = fail(ErrorCode::Unreachable,
                   result.failures.empty() ? "no answer" : result.failures.front().reason);
  }
  seeds_.joined(runtime::loop_now(), seed, address, outcome);
  advance();
}

Sight Seeding::sight() const {
  Sight sight;
  for (const Member& member : around_.host.engine().members()) {
    const bool other = member.name != around_.host.engine().name();
    if (other && member.status == MemberStatus::Alive) {
      sight.living.push_back(shortest(member.address));
    }
  }
  std::sort(sight.living.begin(), sight.living.end());
  sight.own = own_addresses();
  std::sort(sight.own.begin(), sight.own.end());
  return sight;
}

std::vector<Address> Seeding::own_addresses() const {
  const runtime::BoundAddress& address = around_.host.address();
  std::vector<Address> own{shortest(address.local.advertised), shortest(address.bound)};
  if (address.bound.ip.is_unspecified()) {
    for (const IpAddress& ip : host_addresses())
      own.push_back({ip.shortest(), address.bound.port});
  }
  return own;
}

gossip::rpc::SeedsResponse Seeding::report() const {
  gossip::rpc::SeedsResponse response;
  const TimePoint now = runtime::loop_now();
  for (const SeedReport& report : seeds_.report(sight()))
    response.seeds.push_back(status_of(report, now));
  for (const std::function<SeedReport()>& other : others_)
    response.seeds.push_back(status_of(other(), now));
  return response;
}

}  // namespace gossip::agent::seeds
