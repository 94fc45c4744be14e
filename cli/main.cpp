// gossipctl: reads the command line, reaches the agent, runs one command.
#include <chrono>
#include <csignal>
#include <ctime>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

#include "base/out_of_memory.h"
#include "base/overloaded.h"
#include "cli/agent_address.h"
#include "cli/commands/agent.h"
#include "cli/commands/complete.h"
#include "cli/commands/doctor.h"
#include "cli/commands/event.h"
#include "cli/commands/force_leave.h"
#include "cli/commands/info.h"
#include "cli/commands/join.h"
#include "cli/commands/keygen.h"
#include "cli/commands/keys.h"
#include "cli/commands/leave.h"
#include "cli/commands/members.h"
#include "cli/commands/monitor.h"
#include "cli/commands/query.h"
#include "cli/commands/reachability.h"
#include "cli/commands/reload.h"
#include "cli/commands/rtt.h"
#include "cli/commands/stats.h"
#include "cli/commands/tags.h"
#include "cli/commands/top.h"
#include "cli/commands/version.h"
#include "cli/commands/wait.h"
#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using std::chrono::seconds;

using std::chrono::nanoseconds;

constexpr seconds kDefaultTimeout{10};
// A query with the agent's own timeout, on a wide area network with a million members (gossip-wire §9.1).
constexpr seconds kLongestDefaultQuery{48};
// Beyond the timeout of a query, for the agent to take it and to say that it is over.
constexpr seconds kQuerySlack{2};
// keys rotate: listed twice, installed, used, and removed as often as there are old keys.
constexpr int kRotationSteps = 6;
constexpr seconds kDefaultWait{60};

// How long an agent may take over a command by itself (rpc.md §5): a dial of 10 s for each address, the
// broadcast timeout of 5 s; Serf's leave waits for joins and two broadcasts, each that long, and a second.
// A forced leave waits for no join.
nanoseconds own_duration(const CommandOptions& options) {
  return std::visit(
      base::Overloaded{
          [](const JoinOptions& join) -> nanoseconds {
            return seconds(10) * static_cast<int>(join.addresses.size());
          },
          [](const LeaveOptions&) -> nanoseconds { return seconds(16); },
          [](const ForceLeaveOptions&) -> nanoseconds { return seconds(11); },
          [](const TagsOptions&) -> nanoseconds { return seconds(5); },
          [](const QueryOptions&) -> nanoseconds { return kLongestDefaultQuery; },
          [](const ReachabilityOptions&) -> nanoseconds { return kLongestDefaultQuery; },
          // Members asked twice, and for their keys; and connections to all of them.
          [](const DoctorOptions&) -> nanoseconds {
            return 3 * kLongestDefaultQuery + seconds(30);
          },
          [](const KeysOptions& keys) -> nanoseconds {
            return kLongestDefaultQuery * (keys.action == KeyAction::Rotate ? kRotationSteps : 1);
          },
          // Names looked up one after the other, and a name server that does not answer.
          [](const ReloadOptions&) -> nanoseconds { return seconds(60); },
          [](const WaitOptions&) -> nanoseconds { return kDefaultWait - kDefaultTimeout; },
          [](const auto&) -> nanoseconds { return seconds(0); }},
      options);
}

Deadline deadline_for(const Invocation& invocation) {
  const auto now = std::chrono::steady_clock::now();
  const auto* const query = std::get_if<QueryOptions>(&invocation.options);
  if (query != nullptr && query->timeout.count() > 0) return now + query->timeout + kQuerySlack;
  if (!invocation.agent.timeout) {
    return now + kDefaultTimeout + own_duration(invocation.options);
  }
  if (invocation.agent.timeout->count() == 0) {
    return std::nullopt;
  }
  return now + *invocation.agent.timeout;
}

Expected<Connection> connect(const Invocation& invocation) {
  const Surroundings around = read_surroundings();
  const Expected<rpc::Endpoint> endpoint = choose_endpoint(invocation.agent, around);
  if (!endpoint) {
    return tl::unexpected(endpoint.error());
  }
  const Expected<std::optional<std::string>> token = choose_token(invocation.agent, around);
  if (!token) {
    return tl::unexpected(token.error());
  }
  return Connection::open(*endpoint, *token, deadline_for(invocation));
}

// Ctrl-C that came before or comes meanwhile: after the first connect it no longer ends the program (socket.h).
bool is_interrupted_within(nanoseconds pause) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const timespec time{0, pause.count()};  // less than a second
  return sigtimedwait(&signals, nullptr, &time) == SIGINT;
}

// Who waits for members has often just started the agent: it is waited for, too.
Expected<Connection> connect_in_time(const Invocation& invocation) {
  constexpr std::chrono::milliseconds kTryAgain{50};
  const Deadline deadline = deadline_for(invocation);
  bool told = ::isatty(STDERR_FILENO) == 0;  // who watches wants to know, a script does not
  for (;;) {
    Expected<Connection> agent = connect(invocation);
    const bool may_come = !agent && agent.error().code == ErrorCode::Unreachable;
    if (!may_come || (deadline && std::chrono::steady_clock::now() + kTryAgain > *deadline)) {
      return agent;
    }
    if (!std::exchange(told, true)) Output::report("waiting", agent.error());
    if (is_interrupted_within(kTryAgain)) return fail(ErrorCode::TimedOut, "interrupted");
  }
}

// Nobody means an event or a query without a name: a script's variable was empty.
bool lacks_name(const CommandOptions& options) {
  const auto* const event = std::get_if<EventOptions>(&options);
  const auto* const query = std::get_if<QueryOptions>(&options);
  return (event != nullptr && event->name.empty()) || (query != nullptr && query->name.empty());
}

ExitCode execute(Invocation& invocation, ProgramName name, Output& out) {
  if (name != ProgramName::Serf && lacks_name(invocation.options)) {  // which sends them
    Output::complain("the name is empty (see 'gossipctl " + invocation.command + " --help')");
    return ExitCode::Usage;
  }
  // Before there is a connection that would have to wait for it.
  if (const Expected<void> read = read_inputs(invocation.options); !read) {
    return Output::report(read.error());
  }
  return std::visit(
      [&invocation, name, &out](const auto& options) {
        using Options = std::decay_t<decltype(options)>;
        if constexpr (std::is_same_v<Options, KeygenOptions> ||
                      std::is_same_v<Options, VersionOptions>) {
          return run(options, out);
        } else if constexpr (std::is_same_v<Options, DaemonOptions>) {
          return run(options, name, out);
        } else {
          constexpr bool kWaits = std::is_same_v<Options, WaitOptions>;
          Expected<Connection> agent = kWaits ? connect_in_time(invocation) : connect(invocation);
          if (!agent) return Output::report(agent.error());
          if constexpr (std::is_same_v<Options, ForceLeaveOptions> ||
                        std::is_same_v<Options, MembersOptions>) {
            return run(options, *agent, name, out);
          } else {
            return run(options, *agent, out);
          }
        }
      },
      invocation.options);
}

ProgramName name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1) == "serf" ? ProgramName::Serf : ProgramName::Gossipctl;
}

ExitCode run_program(ProgramName name, const std::vector<std::string>& words) {
  Output out;
  ParseResult parsed = parse_command_line(words);
  const ExitCode code = std::visit(
      base::Overloaded{
          [name, &out](Invocation& invocation) { return execute(invocation, name, out); },
          [&out](const Help& help) {
            out.print(help.text);
            return ExitCode::Done;
          },
          [](const UsageError& error) {
            Output::complain(error.message + " (see '" + error.see + "')");
            return ExitCode::Usage;
          }},
      parsed);
  return out.finish(code);
}

}  // namespace
}  // namespace gossip::cli

int main(int argc, char** argv) {
  gossip::base::abort_when_out_of_memory();
  gossip::cli::know_wide_characters();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return static_cast<int>(
      gossip::cli::run_program(gossip::cli::name_of(argc > 0 ? argv[0] : ""), words));
}
