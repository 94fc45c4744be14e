#include "cli/recent_log.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "gossip/address.h"

namespace gossip::cli {
namespace {

constexpr std::chrono::seconds kRecent{600};
// More names than any log that is kept can hold honestly.
constexpr std::size_t kMaxDropped = 16;

// "2026/11/23 20:13:51 …" as seconds of some zone, the same for all lines of one agent.
std::optional<std::time_t> time_of(const std::string& line) {
  std::tm when{};
  const char* const end = ::strptime(line.c_str(), "%Y/%m/%d %H:%M:%S", &when);
  if (end == nullptr) return std::nullopt;
  return ::timegm(&when);
}

// What stands between `before` and `after`, where `line` has both; names may hold anything.
std::optional<std::string_view> between(std::string_view line, std::string_view before,
                                        std::string_view after) {
  const std::size_t begin = line.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(begin + before.size());
  const std::size_t end = rest.rfind(after);
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

struct Pattern {
  std::string_view before;
  std::string_view after;
  Sightings Doubts::*sightings;
};

constexpr std::array kPatterns{
    Pattern{"memberlist: Failed ping: ", " (timeout reached)", &Doubts::pings_lost},
    Pattern{"memberlist: Was able to connect to ", " but other probes failed",
            &Doubts::only_stream},
    Pattern{"serf: EventMemberFailed: ", " ", &Doubts::failed},
    Pattern{"memberlist: Suspect ", " has failed, no acks received", &Doubts::suspected},
    Pattern{"memberlist: Refuting a suspect message (from: ", ")", &Doubts::suspects_us},
};

struct Telling {
  std::string_view text;
  Mismatch mismatch;
};

// Only what the agent warns of.
constexpr std::array kTelling{
    Telling{": cannot be decrypted", Mismatch::OtherKey},
    Telling{": is encrypted, and this node has no", Mismatch::NoKeyHere},
    Telling{": is not encrypted", Mismatch::NotEncrypted},
    Telling{": carries ", Mismatch::Label},
    Telling{": begins like a cluster label", Mismatch::Label},
    Telling{": its protocol versions", Mismatch::Versions},
};

// Whose input it was: the host for the key, and how it is shown.
struct Source {
  std::string host;
  std::string shown;
};

// Of "10.0.0.7:41234" or "web-1 (10.0.0.7:41234)"; without an address a name stands for its host.
Source source_in(std::string_view text) {
  std::string_view name;
  std::string_view place = text;
  const std::size_t open = text.rfind(" (");
  if (open != std::string_view::npos && text.ends_with(')')) {
    name = text.substr(0, open);
    place = text.substr(open + 2, text.size() - open - 3);
  }
  const Expected<Address> address = Address::parse(place, 0);
  if (!address) return {std::string(text), std::string(text)};
  const std::string host = address->ip.to_string();
  return {host, name.empty() ? host : std::string(name) + " (" + host + ")"};
}

void note(Sightings& sightings, std::optional<std::chrono::seconds> ago) {
  ++sightings.count;
  if (!ago) return;
  sightings.first_ago = std::max(*ago, sightings.first_ago.value_or(*ago));
  sightings.last_ago = std::min(*ago, sightings.last_ago.value_or(*ago));
}

// Who was stopped and started again is well: its end is no sign of a bad link. That it ends again and again is.
void begin_life(RecentLog& log, std::string_view name) {
  const auto known = log.members.find(name);
  if (known == log.members.end()) return;
  Doubts rest;
  rest.failed = known->second.failed;
  known->second = rest;
}

// `text` is "web-1 (10.0.0.7:41234): why", or the like.
void note_dropped(std::string_view text, std::optional<std::chrono::seconds> ago, RecentLog& log) {
  // "(12 such since the last report)" may be others'.
  if (text.ends_with(" such since the last report)")) text = text.substr(0, text.rfind(" ("));
  for (const Telling& telling : kTelling) {
    const std::size_t begin = text.find(telling.text);
    if (begin == std::string_view::npos) continue;
    Source source = source_in(text.substr(0, begin));
    const std::pair key(std::move(source.host), telling.mismatch);
    if (log.dropped.size() == kMaxDropped && !log.dropped.contains(key)) return;
    DroppedInput& dropped = log.dropped[key];
    dropped.from = std::move(source.shown);
    dropped.why = text.substr(begin + 2);
    return note(dropped.reports, ago);
  }
}

void read_line(std::string_view line, std::optional<std::chrono::seconds> ago, RecentLog& log) {
  for (const Pattern& pattern : kPatterns) {
    if (const auto name = between(line, pattern.before, pattern.after)) {
      return note(log.members[std::string(*name)].*pattern.sightings, ago);
    }
  }
  if (const auto name = between(line, "serf: EventMemberJoin: ", " "))
    return begin_life(log, *name);
  constexpr std::string_view kDropped = "memberlist: dropped input from ";
  const std::size_t found = line.find(kDropped);
  if (found == std::string_view::npos) return;
  note_dropped(line.substr(found + kDropped.size()), ago, log);
}

}  // namespace

RecentLog read_log(std::span<const std::string> lines) {
  RecentLog log;
  std::optional<std::time_t> newest;
  for (const std::string& line : lines) {
    const std::optional<std::time_t> time = time_of(line);
    if (time && (!newest || *time > *newest)) newest = time;
  }
  for (const std::string& line : lines) {
    const std::optional<std::time_t> time = time_of(line);
    std::optional<std::chrono::seconds> ago;
    if (time && newest) ago = std::chrono::seconds(*newest - *time);
    if (ago && *ago > kRecent) continue;
    read_line(line, ago, log);
  }
  return log;
}

}  // namespace gossip::cli
