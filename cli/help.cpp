#include "cli/help.h"

#include <algorithm>
#include <array>

namespace gossip::cli {
namespace {

struct CommandHelp {
  std::string_view command;
  std::string_view purpose;
  std::string_view notes;
};

constexpr std::array kCommands{
    CommandHelp{"agent", "Run gossipd, with the arguments that follow", ""},
    CommandHelp{"doctor", "Say what is wrong with the cluster, and what to do about it",
                "Tries UDP and TCP to every living member, and reads what the agent has noticed: "
                "links that work one\n"
                "way, small MTUs, other keys and labels, suspicions, its own health. A line for "
                "each finding with its\n"
                "remedy; exit code 1 if there is one. TCP and MTU are tried from where gossipctl "
                "runs."},
    CommandHelp{"event", "Send a user event to the whole cluster",
                "A payload of - is read from standard input, @FILE from a file; --literal takes "
                "it as it stands.\n"
                "Agents refuse events that are too large and name their limit, 512 bytes unless "
                "set otherwise."},
    CommandHelp{"force-leave", "Declare a failed member to have left",
                "A failed member is otherwise tried again for a day. A member that is alive is "
                "refused, unless\n"
                "--force is given: it would only show as leaving until it contradicts. Exit code "
                "3: there is no\n"
                "member of that name."},
    CommandHelp{"info", "Show the agent's counters, clocks and tags", ""},
    CommandHelp{"join", "Make the agent join a cluster through any of its members",
                "Joining through some of the addresses is a success."},
    CommandHelp{"keygen", "Print a new random encryption key",
                "32 bytes in base64, for gossipd --encrypt-file."},
    CommandHelp{"keys", "Show and change the encryption keys of the whole cluster",
                "A key of - is read from standard input, @FILE from a file: others see the "
                "command line.\n"
                "'gossipctl keys rotate' makes a new key, installs it everywhere, uses it, "
                "checks that every live\n"
                "member has followed, and removes the old one. Whatever goes wrong stops it with "
                "nothing lost, and\n"
                "it says how to go on."},
    CommandHelp{"leave", "Make the agent leave its cluster and end",
                "Comes back when the agent has left, which takes a second or a few."},
    CommandHelp{
        "members", "List the members of the cluster",
        "Patterns are regular expressions (RE2) and match the whole of the name, status or tag:\n"
        "--status 'left|failed' means one of the two. A member without the tag counts as one "
        "with "
        "an\n"
        "empty value. In text, names and tags that hold spaces, commas or control characters "
        "stand "
        "in\n"
        "quotes."},
    CommandHelp{"monitor", "Show the agent's log and events as they come, until Ctrl-C",
                "Events: member-join, member-leave, member-failed, member-update, member-reap, "
                "user, user:NAME,\n"
                "query, query:NAME. With --format json, one object a line."},
    CommandHelp{"query", "Ask the members and show their answers",
                "Ends as soon as everybody who was asked has answered or said that no answer "
                "will follow; Serf's\n"
                "agents always take the whole time. Patterns of --tag are found anywhere in the "
                "value. A payload\n"
                "of - is read from standard input, @FILE from a file. Further lines of an answer "
                "begin with a tab.\n"
                "At Ctrl-C what has come is shown."},
    CommandHelp{"reachability", "Ask every member for a sign of life",
                "Ends as soon as every live member has answered. Exit code 4: some did not; 1: "
                "one answered that\n"
                "does not count as alive."},
    CommandHelp{"reload", "Make the agent read its configuration again",
                "Names what has been taken over and what waits for a restart. A configuration "
                "that cannot work\n"
                "changes nothing. Serf's agents know SIGHUP alone."},
    CommandHelp{"rtt", "Estimate the round trip between two members, or between all",
                "Learnt from what members answer to probes, so that neither is asked now; without "
                "NODE2 it is to\n"
                "the agent itself. Members come to know their places in the first minutes. With "
                "--all a matrix if it\n"
                "fits the terminal, else a line for each pair, the shortest first."},
    CommandHelp{"stats", "Show what the agent has counted",
                "With --format prometheus as its /metrics has it; docs/metrics.md explains each "
                "figure. For a Serf\n"
                "agent there is 'gossipctl info'."},
    CommandHelp{"tags", "Show, set or remove the agent's own tags",
                "Without --set and --delete the tags are listed. A tag in both ends up set."},
    CommandHelp{
        "top", "Watch members, events and traffic, until Ctrl-C",
        "Drawn anew on a terminal, failed members first; elsewhere everything once and then "
        "events as they\n"
        "come. With --once it ends after the first time."},
    CommandHelp{"version", "Show the version of gossipctl", ""},
    CommandHelp{"wait", "Wait until as many members as wanted match",
                "Patterns as for members. Exit code 4: not within --timeout, which is a minute if "
                "not given."},
};

const CommandHelp* find(std::string_view command) {
  const auto* const found =
      std::find_if(kCommands.begin(), kCommands.end(),
                   [command](const CommandHelp& c) { return c.command == command; });
  return found == kCommands.end() ? nullptr : found;
}

}  // namespace

std::string program_help() {
  std::string text =
      "Talk to the gossipd agent on this machine, or to any Serf agent\n"
      "Usage: gossipctl [flags] COMMAND [flags] [arguments]\n"
      "\n"
      "Commands:\n";
  for (const CommandHelp& command : kCommands) {
    std::string name = "  " + std::string(command.command);
    name.resize(15, ' ');
    text += name + std::string(command.purpose) + '\n';
  }
  text +=
      "\n"
      "gossipctl COMMAND --help shows the flags of a command. They may stand anywhere behind it, "
      "with one dash or two;\n"
      "-- ends them.\n"
      "\n"
      "The agent's address is --rpc-addr, else $GOSSIP_RPC_ADDR, else $SERF_RPC_ADDR, else the "
      "first of these\n"
      "sockets that exists: /run/gossipd/gossipd.sock, $XDG_RUNTIME_DIR/gossipd.sock,\n"
      "/tmp/gossipd-$UID/gossipd.sock. Its token, if it wants one, is --rpc-auth, "
      "--rpc-auth-file,\n"
      "$GOSSIP_RPC_AUTH or $SERF_RPC_AUTH.\n"
      "\n"
      "Exit codes: 0 done; 1 refused or failed; 2 usage; 3 not found; 4 timed out, interrupted or\n"
      "incomplete; 5 no agent reached.\n";
  return text;
}

std::string_view purpose_of(std::string_view command) {
  const CommandHelp* const help = find(command);
  return help != nullptr ? help->purpose : "";
}

std::string_view notes_for(std::string_view command) {
  const CommandHelp* const help = find(command);
  return help != nullptr ? help->notes : "";
}

}  // namespace gossip::cli
