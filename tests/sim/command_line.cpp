#include "sim/command_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/go_duration.h"
#include "base/go_flags.h"
#include "base/nearest.h"

namespace gossip::sim {
namespace {

constexpr const char* kHelp =
    R"(gossip-sim: clusters of gossip engines on a virtual network and clock, from one seed

gossip-sim [--nodes N] [--serf-like K] [--seed S] [--for TIME] [--faults SET] [--trace] [--format text|json]
    One world: N nodes (5), TIME of virtual time with faults (10m), then the wait until all agree again.
    K of the nodes (0) follow the rules of Serf and memberlist: no eager push, no evidence of deaths.
    SET: names with commas between them, "all" or "none" (none):
    loss one-way-loss bursts delay reorder duplicate corrupt small-mtu partition one-way flapping crash restart
    power-cut freeze slow drift move full-disk tcp-hang tcp-reset tcp-cut leave
gossip-sim swarm --seconds T [--seed S] [--format text|json]
    Worlds drawn from seeds S, S+1, … (from anywhere) until T seconds of real time are over.
gossip-sim replay SEED [--trace] [--format text|json]
    One world of a swarm again.
gossip-sim seeds FILE [--format text|json]
    Each world that the file names, one seed a line.

--trace prints every turn of every engine, and what came of it. Exit code: 0 all promises held, 1 one was broken,
2 wrong arguments.
)";

constexpr std::array<std::string_view, 8> kFlags = {"nodes",  "serf-like", "seed",   "for",
                                                    "faults", "trace",     "format", "seconds"};
constexpr std::array<std::string_view, 3> kCommands = {"swarm", "replay", "seeds"};

template <typename... Parts>
tl::unexpected<Error> wrong(Parts&&... parts) {
  std::string message;
  (message.append(std::forward<Parts>(parts)), ...);
  return fail(ErrorCode::InvalidArgument, std::move(message));
}

Expected<std::uint64_t> parse_number(std::string_view what, const std::string& text,
                                     std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && rest == end && value >= low && value <= high) return value;
  return wrong(what, " is a number from ", std::to_string(low), " to ", std::to_string(high),
               ", not \"", text, "\"");
}

Expected<Duration> parse_time(std::string_view what, const std::string& text, Duration longest) {
  const Expected<Duration> length = base::parse_go_duration(text);
  if (length && *length > Duration{} && *length <= longest) return *length;
  return wrong(what, " is a time such as 90s or 1h30m, above 0 and at most ",
               base::format_go_duration(longest), ", not \"", text, "\"");
}

// The flags as they are given; "" for a switch.
struct Given {
  std::string_view name;
  std::string value;
};

struct Words {
  std::vector<std::string> plain;
  std::vector<Given> flags;
};

Expected<Words> split(const std::vector<std::string>& args) {
  std::vector<base::FlagName> known;
  for (const std::string_view flag : kFlags) {
    known.push_back({flag, flag == "trace" ? base::FlagKind::Switch : base::FlagKind::Value});
  }
  known.push_back({"help", base::FlagKind::Switch});
  const std::vector<std::string> normal = base::normalise_flags(args, known);
  Words words;
  for (std::size_t i = 0; i < normal.size(); ++i) {
    if (normal[i] == "-h") {
      words.flags.push_back({"help", ""});
      continue;
    }
    if (!normal[i].starts_with("-")) {
      words.plain.push_back(normal[i]);
      continue;
    }
    const std::string_view name =
        std::string_view(normal[i]).substr(std::min<std::size_t>(2, normal[i].size()));
    const auto flag = std::find_if(known.begin(), known.end(),
                                   [&](const base::FlagName& each) { return each.name == name; });
    if (flag == known.end()) {
      const std::string_view meant = base::nearest(name, kFlags);
      if (meant.empty())
        return wrong("there is no flag ", normal[i], "; gossip-sim --help lists them");
      return wrong("there is no flag ", normal[i], ", did you mean --", meant, "?");
    }
    if (flag->kind == base::FlagKind::Switch) {
      words.flags.push_back({flag->name, ""});
    } else if (++i < normal.size()) {
      words.flags.push_back({flag->name, normal[i]});
    } else {
      return wrong("--", flag->name, " wants a value");
    }
  }
  return words;
}

std::span<const std::string_view> flags_of(Task task) {
  static constexpr std::array<std::string_view, 7> kOne = {"nodes",  "serf-like", "seed",  "for",
                                                           "faults", "trace",     "format"};
  static constexpr std::array<std::string_view, 2> kReplay = {"trace", "format"};
  static constexpr std::array<std::string_view, 1> kSeeds = {"format"};
  static constexpr std::array<std::string_view, 3> kSwarm = {"seconds", "seed", "format"};
  switch (task) {
    case Task::One: return kOne;
    case Task::Replay: return kReplay;
    case Task::Seeds: return kSeeds;
    case Task::Swarm: return kSwarm;
    case Task::Help: break;
  }
  return {};
}

Expected<Task> task_of(const Words& words) {
  if (words.plain.empty()) return Task::One;
  const std::string& command = words.plain.front();
  const std::size_t wanted = command == "swarm" ? 1 : 2;
  Task task = Task::Swarm;
  if (command == "replay") {
    task = Task::Replay;
  } else if (command == "seeds") {
    task = Task::Seeds;
  } else if (command != "swarm") {
    const std::string_view meant = base::nearest(command, kCommands);
    return wrong("there is no command \"", command, "\"; there are swarm, replay and seeds",
                 meant.empty() ? "" : ", did you mean ", meant, meant.empty() ? "" : "?");
  }
  if (words.plain.size() == wanted) return task;
  if (words.plain.size() > wanted)
    return wrong("unexpected argument \"", words.plain[wanted], "\"");
  return wrong(command, task == Task::Replay ? " wants a seed" : " wants the path of a file");
}

struct Values {
  std::uint64_t nodes = 5;
  std::uint64_t serf_like = 0;
  Duration length = std::chrono::minutes(10);
  FaultSet faults;
};

Expected<void> take(Request& request, Values& values, const Given& given) {
  constexpr std::uint64_t kAny = ~std::uint64_t{0};
  if (given.name == "trace") {
    request.trace = true;
  } else if (given.name == "nodes") {
    const auto nodes = parse_number("--nodes", given.value, 1, kMaxNodes);
    if (!nodes) return tl::unexpected(nodes.error());
    values.nodes = *nodes;
  } else if (given.name == "serf-like") {
    const auto serf_like = parse_number("--serf-like", given.value, 0, kMaxNodes);
    if (!serf_like) return tl::unexpected(serf_like.error());
    values.serf_like = *serf_like;
  } else if (given.name == "seed") {
    const auto seed = parse_number("--seed", given.value, 0, kAny);
    if (!seed) return tl::unexpected(seed.error());
    request.seed = *seed;
  } else if (given.name == "for") {
    const auto length = parse_time("--for", given.value, kMaxLength);
    if (!length) return tl::unexpected(length.error());
    values.length = *length;
  } else if (given.name == "faults") {
    const auto faults = FaultSet::parse(given.value);
    if (!faults) return tl::unexpected(faults.error());
    values.faults = *faults;
  } else if (given.name == "seconds") {
    const auto seconds = parse_number("--seconds", given.value, 1, 1'000'000);
    if (!seconds) return tl::unexpected(seconds.error());
    request.length = std::chrono::seconds(*seconds);
  } else if (given.name == "format") {
    if (given.value != "text" && given.value != "json") {
      return wrong("--format is text or json, not \"", given.value, "\"");
    }
    request.format = given.value == "json" ? Format::Json : Format::Text;
  }
  return {};
}

Expected<void> complete(Request& request, const Values& values, const Words& words) {
  if (request.task == Task::Swarm && request.length == Duration{}) {
    return wrong("swarm wants --seconds: for how long?");
  }
  if (request.task == Task::Seeds) request.seeds_path = words.plain[1];
  if (request.task == Task::One) {
    request.scenario =
        plain_scenario(request.seed.value_or(1), static_cast<std::uint32_t>(values.nodes),
                       values.length, values.faults);
    if (values.serf_like > values.nodes) {
      return wrong("--serf-like ", std::to_string(values.serf_like),
                   " is more than there are: --nodes ", std::to_string(values.nodes));
    }
    request.scenario.serf_like = static_cast<std::uint32_t>(values.serf_like);
  }
  if (request.task != Task::Replay) return {};
  const auto seed = parse_number("the seed", words.plain[1], 0, ~std::uint64_t{0});
  if (!seed) return tl::unexpected(seed.error());
  request.scenario = draw_scenario(*seed);
  return {};
}

}  // namespace

std::string help_text() {
  return kHelp;
}

Expected<Request> parse_command_line(const std::vector<std::string>& args) {
  const Expected<Words> words = split(args);
  if (!words) return tl::unexpected(words.error());
  const auto asks_help = [](const Given& given) { return given.name == "help"; };
  if (std::ranges::any_of(words->flags, asks_help)) return Request{};
  const Expected<Task> task = task_of(*words);
  if (!task) return tl::unexpected(task.error());
  Request request;
  request.task = *task;
  Values values;
  for (const Given& given : words->flags) {
    if (std::ranges::find(flags_of(*task), given.name) == flags_of(*task).end()) {
      return wrong("--", given.name, " does not go with ",
                   words->plain.empty() ? "one world" : words->plain.front());
    }
    if (Expected<void> taken = take(request, values, given); !taken) {
      return tl::unexpected(taken.error());
    }
  }
  if (Expected<void> completed = complete(request, values, *words); !completed) {
    return tl::unexpected(completed.error());
  }
  return request;
}

}  // namespace gossip::sim
