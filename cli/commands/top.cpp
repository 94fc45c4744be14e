#include "cli/commands/top.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <utility>
#include <variant>

#include "cli/agent_stats.h"
#include "cli/commands/monitor.h"
#include "cli/places.h"
#include "cli/show_member.h"
#include "cli/table.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr std::size_t kMaxEvents = 10;
// Members whose round trips are asked for: a screen of them.
constexpr std::size_t kMaxPlaces = 200;

std::size_t count_of(const Frame& frame, MemberStatus status) {
  return static_cast<std::size_t>(
      std::count_if(frame.members.begin(), frame.members.end(),
                    [status](const Member& member) { return member.status == status; }));
}

std::string in_kilobytes(double bytes) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.1f kB/s", bytes / 1000);
  return text.data();
}

std::string heading(const Frame& frame) {
  const auto count = [&frame](MemberStatus status) {
    return std::to_string(count_of(frame, status));
  };
  std::string line = quote_word(stat_of(frame.stats, "agent", "name"), "") + ": " +
                     std::to_string(frame.members.size()) + " members, " +
                     count(MemberStatus::Alive) + " alive, " + count(MemberStatus::Leaving) +
                     " leaving, " + count(MemberStatus::Left) + " left, " +
                     count(MemberStatus::Failed) + " failed; health " +
                     escape_line(stat_of(frame.stats, "serf", "health_score"));
  if (frame.received_per_second && frame.sent_per_second) {
    line += "; gossip " + in_kilobytes(*frame.received_per_second) + " in, " +
            in_kilobytes(*frame.sent_per_second) + " out";
  }
  return line;
}

// Whom to look at first.
int rank(MemberStatus status) {
  switch (status) {
    case MemberStatus::Failed: return 0;
    case MemberStatus::Leaving: return 1;
    case MemberStatus::Alive: return 2;
    default: return 3;
  }
}

// In the order in which they are shown.
std::vector<Member> in_order(const std::vector<Member>& some) {
  std::vector<Member> members = some;
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
    return rank(a.status) < rank(b.status);
  });
  return members;
}

std::vector<std::string> member_lines(const Frame& frame, std::optional<std::size_t> width) {
  constexpr std::size_t kTagsColumn = 4;
  std::vector<TableRow> rows{{"NAME", "ADDRESS", "STATUS", "RTT", "TAGS"}};
  for (const Member& member : in_order(frame.members)) {
    const auto rtt = frame.rtts.find(member.name);
    rows.push_back({quote_word(member.name, ""), format_address(member),
                    std::string(to_string(member.status)),
                    rtt == frame.rtts.end() ? "-" : format_milliseconds(rtt->second) + " ms",
                    format_tags(member.tags)});
  }
  std::vector<std::string> lines;
  std::string text = format_table(rows, width, kTagsColumn);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// As long as there is room; the last line says how many are not shown.
void append_fitting(std::vector<std::string> lines, std::size_t room,
                    std::vector<std::string>& out) {
  if (lines.size() > room && room > 0) {
    const std::size_t hidden = lines.size() - room + 1;
    lines.resize(room - 1);
    lines.push_back("… and " + std::to_string(hidden) + " more");
  }
  lines.resize(std::min(lines.size(), room));
  out.insert(out.end(), lines.begin(), lines.end());
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

std::uint64_t number_of(const rpc::StatsSections& stats, const char* key) {
  return number_in(stat_of(stats, "network", key)).value_or(0);
}

// What is drawn again and again.
class Watch {
 public:
  explicit Watch(Connection& agent) : agent_(agent) {}

  Expected<void> look();
  // Shows events until the time is over. False for Ctrl-C.
  Expected<bool> listen(std::chrono::nanoseconds interval, Output* lines_to);
  [[nodiscard]] const Frame& frame() const { return frame_; }

 private:
  void note_rates(rpc::StatsSections stats);

  Connection& agent_;
  Frame frame_;
  std::optional<steady_clock::time_point> looked_at_;
};

Expected<void> Watch::look() {
  const Expected<rpc::Response> stats = agent_.call(rpc::StatsRequest{});
  if (!stats) return tl::unexpected(stats.error());
  if (const auto* const body = std::get_if<rpc::StatsResponse>(&stats->body)) {
    note_rates(body->sections);
  }
  const Expected<rpc::Response> listed = agent_.call(rpc::MembersRequest{});
  if (!listed) return tl::unexpected(listed.error());
  if (const auto* const body = std::get_if<rpc::MembersResponse>(&listed->body)) {
    frame_.members = body->members;
  }
  std::sort(frame_.members.begin(), frame_.members.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
  // Those who are shown first, and the agent itself, from which all distances are.
  const std::string self = stat_of(frame_.stats, "agent", "name");
  std::vector<Member> some = in_order(frame_.members);
  std::stable_partition(some.begin(), some.end(),
                        [&self](const Member& member) { return member.name == self; });
  some.resize(std::min(some.size(), kMaxPlaces));
  const Expected<Places> places = find_places(some, agent_);
  if (!places) return tl::unexpected(places.error());
  frame_.rtts.clear();
  for (const Member& member : some) {
    if (const auto rtt = round_trip(self, member.name, *places)) {
      frame_.rtts.emplace(member.name, *rtt);
    }
  }
  return {};
}

void Watch::note_rates(rpc::StatsSections stats) {
  const auto now = steady_clock::now();
  const double passed = looked_at_ ? std::chrono::duration<double>(now - *looked_at_).count() : 0;
  if (passed > 0 && stats.contains("network") && frame_.stats.contains("network")) {
    const auto rate = [&](const char* key) {
      return (static_cast<double>(number_of(stats, key)) -
              static_cast<double>(number_of(frame_.stats, key))) /
             passed;
    };
    frame_.received_per_second = rate("packet_bytes_received");
    frame_.sent_per_second = rate("packet_bytes_sent");
  }
  looked_at_ = now;
  frame_.stats = std::move(stats);
}

Expected<bool> Watch::listen(std::chrono::nanoseconds interval, Output* lines_to) {
  const auto end = steady_clock::now() + interval;
  for (auto left = interval; left.count() > 0; left = end - steady_clock::now()) {
    const Expected<rpc::StreamRecord> arrived = agent_.next_record_within(left);
    if (agent_.interrupted()) return false;
    if (!arrived && arrived.error().code == ErrorCode::TimedOut) break;
    if (!arrived) return tl::unexpected(arrived.error());
    std::string line = format_record(arrived->record, Format::Text, system_clock::now());
    if (line.empty()) continue;
    if (lines_to != nullptr) {
      lines_to->print(line);
      continue;
    }
    line.pop_back();  // its newline
    frame_.events.push_back(std::move(line));
    if (frame_.events.size() > kMaxEvents) frame_.events.pop_front();
  }
  return true;
}

Expected<void> subscribe(Connection& agent) {
  rpc::StreamRequest stream;
  stream.type = "*";
  stream.coalesce = false;
  stream.answers = false;
  const Expected<rpc::Response> opened = agent.call(stream);
  if (!opened) return tl::unexpected(opened.error());
  return {};
}

// From the top left corner, over what was there.
std::string redrawn(const std::string& frame) {
  std::string text = "\x1b[H";
  for (const char c : frame) {
    if (c == '\n') text += "\x1b[K";
    text += c;
  }
  return text + "\x1b[J";
}

std::optional<ScreenSize> screen_size() {
  const std::optional<std::size_t> columns = Output::terminal_width();
  const std::optional<std::size_t> rows = Output::terminal_height();
  if (!columns || !rows) return std::nullopt;
  return ScreenSize{*columns, *rows};
}

// As wide as the terminal, with room for all members; nothing in a pipe.
std::optional<ScreenSize> endless_page() {
  const std::optional<std::size_t> columns = Output::terminal_width();
  if (!columns) return std::nullopt;
  return ScreenSize{*columns, std::numeric_limits<std::size_t>::max()};
}

ExitCode watch(const TopOptions& options, Connection& agent, Output& out) {
  const bool draws = Output::is_terminal();
  Watch watch(agent);
  bool shown = false;
  for (;;) {
    if (const Expected<void> looked = watch.look(); !looked) {
      return agent.interrupted() ? ExitCode::Done : Output::report("top ended", looked.error());
    }
    if (draws) {
      out.print((shown ? "" : "\x1b[2J") + redrawn(format_frame(watch.frame(), screen_size())));
    } else if (!shown) {
      out.print(format_frame(watch.frame(), std::nullopt));
    }
    shown = true;
    if (const ExitCode printed = out.finish(ExitCode::Done); printed != ExitCode::Done) {
      return printed;
    }
    const Expected<bool> goes_on = watch.listen(options.interval, draws ? nullptr : &out);
    if (!goes_on) return Output::report("top ended", goes_on.error());
    if (!*goes_on) return ExitCode::Done;
  }
}

}  // namespace

std::string format_frame(const Frame& frame, std::optional<ScreenSize> size) {
  std::vector<std::string> lines{heading(frame), ""};
  std::vector<std::string> events(frame.events.begin(), frame.events.end());
  std::size_t room = frame.members.size() + 1;
  if (size) {
    // Two lines are used, one stands before the events, and the last one of the screen stays empty.
    const std::size_t most_events = size->rows / 3;
    if (events.size() > most_events) {
      events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most_events));
    }
    const std::size_t used = lines.size() + (events.empty() ? 0 : events.size() + 1) + 1;
    room = size->rows > used ? size->rows - used : 0;
  }
  const auto width = size ? std::optional(size->columns) : std::nullopt;
  append_fitting(member_lines(frame, width), room, lines);
  if (!events.empty()) lines.emplace_back();
  lines.insert(lines.end(), events.begin(), events.end());
  std::string text;
  for (const std::string& line : lines)
    text += (size ? cut_with_mark(line, size->columns) : line) + '\n';
  return text;
}

std::string format_frame_json(const Frame& frame) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("agent");
  json.text(stat_of(frame.stats, "agent", "name"));
  json.key("health_score");
  if (const auto score = number_in(stat_of(frame.stats, "serf", "health_score"))) {
    json.number(*score);
  } else {
    json.null();
  }
  for (const MemberStatus status :
       {MemberStatus::Alive, MemberStatus::Leaving, MemberStatus::Left, MemberStatus::Failed}) {
    json.key(to_string(status));
    json.number(count_of(frame, status));
  }
  write_members(in_order(frame.members), frame.rtts, json);
  json.end_object();
  return json.take();
}

ExitCode run(const TopOptions& options, Connection& agent, Output& out) {
  if (options.once) {
    Watch one(agent);
    if (const Expected<void> looked = one.look(); !looked) {
      return Output::report("error querying agent", looked.error());
    }
    out.print(options.format == Format::Json ? format_frame_json(one.frame())
                                             : format_frame(one.frame(), endless_page()));
    return ExitCode::Done;
  }
  agent.wait_without_limit();
  if (const Expected<void> opened = subscribe(agent); !opened) {
    return Output::report("error starting stream", opened.error());
  }
  return watch(options, agent, out);
}

}  // namespace gossip::cli
