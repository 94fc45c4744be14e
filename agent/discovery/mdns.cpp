#include "agent/discovery/mdns.h"

#include <algorithm>
#include <utility>

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
  show(now, address);
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

void Mdns::show(TimePoint now, const Address& address) {
  heard_at_ = now;
  if (shown_.size() < kMaxShown || shown_.contains(address)) shown_[address] = now;
}

void Mdns::make_room(TimePoint now) {
  for (auto at = candidates_.begin(); at != candidates_.end();) {
    const bool over = at->second.state == State::Resting && at->second.rests_until <= now;
    at = over ? candidates_.erase(at) : std::next(at);
  }
}

void Mdns::advance(TimePoint now, std::span<const Address> members, MdnsEffects& out) {
  if (ask_at_ && *ask_at_ <= now) ask(now, out);
  if (join_at_ && *join_at_ <= now && !joining_) join_found(now, members, out);
}

void Mdns::ask(TimePoint now, MdnsEffects& out) {
  ask_at_ = now + (counters_.questions_sent == 0 ? kSecondQuestionAfter : kAskInterval);
  asked_at_ = now;
  std::erase_if(shown_, [now](const auto& one) { return now - one.second > kShownFor; });
  ++counters_.questions_sent;
  out.emplace_back(Ask{encode_dns(service_.question())});
}

void Mdns::join_found(TimePoint now, std::span<const Address> members, MdnsEffects& out) {
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
  join_begun_at_ = now;
  out.emplace_back(std::move(join));
}

void Mdns::joined(TimePoint now, std::span<const Address> failed, std::string error) {
  joining_ = false;
  error_ = std::move(error);
  for (auto& [address, candidate] : candidates_) {
    if (candidate.state != State::Joining) continue;
    candidate.state = State::Resting;
    candidate.failures = contains(failed, address) ? candidate.failures + 1 : 0;
    if (candidate.failures == 0) {
      ++joins_;
      joined_at_ = now;
    }
    const std::uint32_t doublings = candidate.failures == 0 ? 4 : candidate.failures - 1;
    candidate.rests_until =
        now + std::min(kLongestRest, kFirstRest * (1 << std::min<std::uint32_t>(doublings, 4)));
  }
}

// Who was joined and is no member under this address is behind a translation of addresses. Who is no candidate was a member
// when it answered, and has left or failed since, which others tell.
bool Mdns::is_missing(const Address& address, std::span<const Address> members) const {
  if (std::binary_search(members.begin(), members.end(), address)) return false;
  const auto known = candidates_.find(address);
  return known != candidates_.end() &&
         (known->second.state != State::Resting || known->second.failures > 0);
}

seeds::SeedReport Mdns::report(TimePoint now, std::span<const Address> members) const {
  seeds::SeedReport report;
  report.kind = "mdns";
  report.note = "asked by multicast";
  report.attempts = counters_.questions_sent;
  report.joins = joins_;
  report.looked_up_at = heard_at_;
  report.joined_at = joined_at_;
  report.next_at = ask_at_;
  bool is_whole = true;
  for (const auto& [address, at] : shown_) {
    if (now - at > kShownFor) continue;
    report.answer.push_back(address);
    is_whole = is_whole && !is_missing(address, members);
  }
  const bool is_alone = std::all_of(members.begin(), members.end(), [this](const Address& member) {
    return same_endpoint(member, own_);
  });
  if (joining_ || join_at_) {
    report.state = "joining";
    report.begun_at = joining_ ? join_begun_at_ : found_first_at_;
  } else if (!report.answer.empty() && is_whole) {
    report.state = "met";
  } else if (!report.answer.empty()) {
    report.state = is_alone ? "waiting" : "missing";
    report.error = error_;
  } else if (!heard_at_ && asked_at_ && now - *asked_at_ <= kAnswerWindow) {
    report.state = "looking up";
    report.begun_at = asked_at_;
  } else {
    report.state = is_alone ? "waiting" : "only us";
    report.error = "nobody answers";
  }
  return report;
}

std::optional<TimePoint> Mdns::next_deadline() const {
  return joining_ ? ask_at_ : base::earlier(ask_at_, join_at_);
}

}  // namespace gossip::agent::discovery
