#include "agent/discovery/mdns.h"

#include <algorithm>

#include "base/earlier.h"

namespace gossip::agent::discovery {
namespace {

bool is_multicast(const IpAddress& ip) {
  const ByteView bytes = ip.bytes();
  return bytes.size() == 4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

// Without its interface such an address leads nowhere.
bool is_v6_link_local(const IpAddress& ip) {
  const ByteView bytes = ip.bytes();
  return bytes.size() == 16 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool contains(std::span<const Address> addresses, const Address& wanted) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const Address& address) { return same_endpoint(address, wanted); });
}

}  // namespace

Mdns::Mdns(const Announcement& announcement)
    : service_(announcement), own_{announcement.address.ip.shortest(), announcement.address.port} {}

void Mdns::receive(TimePoint now, Arrival arrival, ByteView packet, MdnsEffects& out) {
  const tl::expected<DnsMessage, DnsError> message = decode_dns(packet);
  if (!message) {
    ++counters_.malformed;
    return;
  }
  // Others are to be ignored silently (RFC 6762 §18.3, §18.11).
  if ((message->flags & (kDnsOpcode | kDnsResponseCode)) != 0) return;
  if ((message->flags & kDnsResponse) == 0) {
    if (arrival == Arrival::Group) answer(now, *message, out);
    return;
  }
  if (arrival == Arrival::Reply && (!asked_at_ || now - *asked_at_ > kAnswerWindow)) {
    ++counters_.unsolicited;
    return;
  }
  for (const Address& address : service_.found_in(*message))
    found(now, {address.ip.shortest(), address.port});
}

void Mdns::answer(TimePoint now, const DnsMessage& query, MdnsEffects& out) {
  const std::optional<DnsMessage> answer = service_.answer_to(query);
  if (!answer) return;
  if (answers_.take(now) == 0) {
    ++counters_.rate_limited;
    return;
  }
  ++counters_.answers_sent;
  out.emplace_back(Answer{encode_dns(*answer)});
}

bool Mdns::is_plausible(const Address& address) const {
  const IpAddress& ip = address.ip;
  if (address.port == 0 || ip.is_unspecified() || is_multicast(ip) || is_v6_link_local(ip)) {
    return false;
  }
  return !ip.is_loopback() || own_.ip.is_loopback();
}

void Mdns::found(TimePoint now, const Address& address) {
  if (same_endpoint(address, own_)) return;
  if (!is_plausible(address)) {
    ++counters_.implausible;
    return;
  }
  auto at = candidates_.find(address);
  if (at == candidates_.end()) {
    if (candidates_.size() >= kMaxCandidates) make_room(now);
    if (candidates_.size() >= kMaxCandidates) {
      ++counters_.table_full;
      return;
    }
    at = candidates_.emplace(address, Candidate{}).first;
  } else {
    Candidate& known = at->second;
    if (known.state != State::Resting || now < known.rests_until) return;
    known.state = State::Found;
  }
  if (!found_first_at_) found_first_at_ = now;
  join_at_ = std::min(now + kQuietInterval, *found_first_at_ + kLongestCollection);
}

void Mdns::make_room(TimePoint now) {
  for (auto at = candidates_.begin(); at != candidates_.end();) {
    const bool over = at->second.state == State::Resting && at->second.rests_until <= now;
    at = over ? candidates_.erase(at) : std::next(at);
  }
}

void Mdns::advance(TimePoint now, std::span<const Address> members, MdnsEffects& out) {
  if (ask_at_ && *ask_at_ <= now) ask(now, out);
  if (join_at_ && *join_at_ <= now && !joining_) join_found(members, out);
}

void Mdns::ask(TimePoint now, MdnsEffects& out) {
  ask_at_ = now + (counters_.questions_sent == 0 ? kSecondQuestionAfter : kAskInterval);
  asked_at_ = now;
  ++counters_.questions_sent;
  out.emplace_back(Ask{encode_dns(service_.question())});
}

void Mdns::join_found(std::span<const Address> members, MdnsEffects& out) {
  JoinFound join;
  bool more = false;
  for (auto at = candidates_.begin(); at != candidates_.end();) {
    Candidate& candidate = at->second;
    if (candidate.state != State::Found) {
      ++at;
    } else if (std::binary_search(members.begin(), members.end(), at->first)) {
      at = candidates_.erase(at);
    } else if (join.addresses.size() == kMaxJoinedAtOnce) {
      more = true;
      ++at;
    } else {
      candidate.state = State::Joining;
      join.addresses.push_back(at->first);
      ++at;
    }
  }
  if (!more) {
    join_at_.reset();
    found_first_at_.reset();
  }
  if (join.addresses.empty()) return;
  joining_ = true;
  out.emplace_back(std::move(join));
}

void Mdns::joined(TimePoint now, std::span<const Address> failed) {
  joining_ = false;
  for (auto& [address, candidate] : candidates_) {
    if (candidate.state != State::Joining) continue;
    candidate.state = State::Resting;
    candidate.failures = contains(failed, address) ? candidate.failures + 1 : 0;
    const std::uint32_t doublings = candidate.failures == 0 ? 4 : candidate.failures - 1;
    candidate.rests_until =
        now + std::min(kLongestRest, kFirstRest * (1 << std::min<std::uint32_t>(doublings, 4)));
  }
}

std::optional<TimePoint> Mdns::next_deadline() const {
  return joining_ ? ask_at_ : base::earlier(ask_at_, join_at_);
}

}  // namespace gossip::agent::discovery
