#include "cluster/snapshot.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <variant>

#include "base/overloaded.h"

namespace gossip::cluster {
namespace {

constexpr std::string_view kAlive = "alive: ";
constexpr std::string_view kNotAlive = "not-alive: ";
constexpr std::string_view kFailed = "# failed: ";
constexpr std::string_view kClock = "clock: ";
constexpr std::string_view kEventClock = "event-clock: ";
constexpr std::string_view kQueryClock = "query-clock: ";
constexpr std::string_view kLeave = "leave";
constexpr std::string_view kOldCoordinate = "coordinate: ";

// Upstream snapshot.go: below the first size a rewrite gains nothing; the second is for each member.
constexpr std::size_t kSmallFileBytes = std::size_t{128} * 1024;
constexpr std::size_t kBytesPerPeer = std::size_t{2} * 128;

// A clock that has come further was not counted up by a cluster: the line is damaged.
constexpr LamportTime kMaxClock = LamportTime{1} << 63;

constexpr std::size_t kExampleBytes = 60;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool fits_a_line(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && std::ranges::none_of(name, is_control);
}

std::optional<std::string_view> after(std::string_view line, std::string_view label) {
  if (!line.starts_with(label)) return std::nullopt;
  return line.substr(label.size());
}

std::optional<LamportTime> parse_time(std::string_view text) {
  LamportTime time = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return time < kMaxClock ? std::make_optional(time) : std::nullopt;
}

void keep_example(std::string_view line, SnapshotFlaws& flaws) {
  if (!flaws.example.empty()) return;
  for (const char c : line.substr(0, kExampleBytes)) {
    const bool is_plain = !is_control(c) && static_cast<unsigned char>(c) < 0x80;
    flaws.example += is_plain ? c : '?';
  }
  if (line.size() > kExampleBytes) flaws.example += "...";
}

void append_line(std::string& text, std::string_view label, std::string_view body) {
  text.append(label).append(body).append("\n");
}

void append_peer(std::string& text, std::string_view label, std::string_view name,
                 const Address& address) {
  text.append(label).append(name).append(" ").append(address.to_string()).append("\n");
}

}  // namespace

Snapshot::Reading Snapshot::read(std::string_view text, RejoinAfterLeave rejoin) {
  Reading reading;
  file_bytes_ = text.size();
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      reading.flaws.is_torn = true;
      keep_example(text, reading.flaws);
      break;
    }
    read_line(text.substr(0, end), rejoin, reading);
    text.remove_prefix(end + 1);
  }
  return reading;
}

void Snapshot::read_line(std::string_view line, RejoinAfterLeave rejoin, Reading& reading) {
  SnapshotFlaws& flaws = reading.flaws;
  const auto set_clock = [&](LamportTime& clock, std::string_view body) {
    const std::optional<LamportTime> time = parse_time(body);
    if (time) clock = *time;
    return time.has_value();
  };
  bool is_good = true;
  if (const auto alive = after(line, kAlive)) {
    is_good = read_alive(*alive, Remembered::Alive, flaws);
  } else if (const auto gone = after(line, kNotAlive)) {
    if (const auto known = peers_.find(*gone); known != peers_.end()) peers_.erase(known);
  } else if (const auto failed = after(line, kFailed)) {
    // A person's comment may begin like ours.
    (void)read_alive(*failed, Remembered::Failed, flaws);
  } else if (const auto member = after(line, kClock)) {
    is_good = set_clock(clocks_.member, *member);
  } else if (const auto event = after(line, kEventClock)) {
    is_good = set_clock(clocks_.event, *event);
  } else if (const auto query = after(line, kQueryClock)) {
    is_good = set_clock(clocks_.query, *query);
  } else if (line == kLeave) {
    if (rejoin == RejoinAfterLeave::Yes) {
      reading.leave_ignored = true;
    } else {
      peers_.clear();
      clocks_ = Clocks{};
    }
  } else if (!line.starts_with('#') && !line.starts_with(kOldCoordinate)) {
    ++flaws.unknown_lines;
    keep_example(line, flaws);
  }
  if (!is_good) {
    ++flaws.bad_lines;
    keep_example(line, flaws);
  }
}

// "NAME ADDR:PORT"; the name may hold spaces, the address does not.
bool Snapshot::read_alive(std::string_view body, Remembered as, SnapshotFlaws& flaws) {
  const std::size_t space = body.rfind(' ');
  if (space == std::string_view::npos || !fits_a_line(body.substr(0, space))) return false;
  const Expected<Address> address = Address::parse(body.substr(space + 1), 0);
  if (!address || address->port == 0) return false;
  if (!remember(body.substr(0, space), {*address, as})) ++flaws.over_limit;
  return true;
}

bool Snapshot::remember(std::string_view name, const Peer& peer) {
  const auto known = peers_.find(name);
  if (known != peers_.end()) {
    known->second = peer;
    return true;
  }
  if (peers_.size() >= max_peers_) return false;
  peers_.emplace(name, peer);
  return true;
}

void Snapshot::note(const Event& event) {
  std::visit(base::Overloaded{
                 [this](const MemberEvent& change) {
                   for (const Member& member : change.members) {
                     switch (change.kind) {
                       case MemberEventKind::Join:
                       case MemberEventKind::Update: note_alive(member); break;
                       case MemberEventKind::Failed: note_failed(member); break;
                       case MemberEventKind::Leave:
                       case MemberEventKind::Reap: forget(member.name); break;
                     }
                   }
                 },
                 [this](const UserEvent& user) { note_event_time(user.time); },
                 [this](const Query& query) { note_query_time(query.time); },
             },
             event);
}

void Snapshot::note_alive(const Member& member) {
  if (left_ || !fits_a_line(member.name)) return;
  const auto known = peers_.find(member.name);
  if (known != peers_.end() && known->second.as == Remembered::Alive &&
      same_endpoint(known->second.address, member.address)) {
    return;
  }
  if (!remember(member.name, {member.address, Remembered::Alive})) return;
  append_peer(lines_, kAlive, member.name, member.address);
}

void Snapshot::note_failed(const Member& member) {
  if (left_ || !fits_a_line(member.name)) return;
  forget(member.name);
  if (!remember(member.name, {member.address, Remembered::Failed})) return;
  append_peer(lines_, kFailed, member.name, member.address);
}

void Snapshot::forget(std::string_view name) {
  const auto known = peers_.find(name);
  if (left_ || known == peers_.end()) return;
  peers_.erase(known);
  append_line(lines_, kNotAlive, name);
}

void Snapshot::note_member_time(LamportTime time) {
  note_clock(kClock, clocks_.member, time);
}
void Snapshot::note_event_time(LamportTime time) {
  note_clock(kEventClock, clocks_.event, time);
}
void Snapshot::note_query_time(LamportTime time) {
  note_clock(kQueryClock, clocks_.query, time);
}

void Snapshot::note_clock(std::string_view label, LamportTime& last, LamportTime time) {
  if (time <= last || time >= kMaxClock) return;
  last = time;
  append_line(lines_, label, std::to_string(time));
}

void Snapshot::note_leave() {
  if (std::exchange(left_, true)) return;
  append_line(lines_, kLeave, "");
}

std::string Snapshot::take_lines() {
  file_bytes_ += lines_.size();
  return std::exchange(lines_, {});
}

// The last rewrite's size keeps long names from asking for one after each line, as they do upstream.
bool Snapshot::wants_rewrite() const {
  const std::size_t limit =
      std::max({kSmallFileBytes, kBytesPerPeer * peers_.size(), 2 * rewritten_bytes_});
  return file_bytes_ + lines_.size() > limit;
}

std::string Snapshot::rewrite() {
  lines_.clear();
  std::string text;
  for (const auto& [name, peer] : peers_) {
    append_peer(text, peer.as == Remembered::Alive ? kAlive : kFailed, name, peer.address);
  }
  append_line(text, kClock, std::to_string(clocks_.member));
  append_line(text, kEventClock, std::to_string(clocks_.event));
  append_line(text, kQueryClock, std::to_string(clocks_.query));
  if (left_) {
    append_line(text, kLeave, "");
    append_line(text, kClock, std::to_string(clocks_.member));
  }
  file_bytes_ = rewritten_bytes_ = text.size();
  return text;
}

}  // namespace gossip::cluster
