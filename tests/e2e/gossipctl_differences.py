"""What gossipctl does otherwise than the captured `serf` (tests/data/golden/cli), run by run."""

import collections

Outcome = collections.namedtuple("Outcome", "code out err")  # err: a pattern for all of it
USAGE = r"gossipctl: [^\n]+ \(see 'gossipctl [^\n]*--help'\)\n"


def usage():
    return Outcome(2, "", USAGE)


def no_coordinate(name, code, why):
    return Outcome(code, "", f'gossipctl: could not find a coordinate for node "{name}": {why}\n')


# (file, arguments without the address) → (number in part E, what gossipctl does instead)
DIFFERENCES = {
    ("event", "-coalesce", "false", "deploy"): ("E5", Outcome(
        0, "Event 'false' dispatched! Coalescing enabled: true\n", "")),
    ("event", "deploy", "-coalesce=false"): ("E5", Outcome(
        0, "Event 'deploy' dispatched! Coalescing enabled: false\n", "")),
    ("event", ""): ("E33", usage()),
    ("force-leave-and-leave", "delta", "-prune"): ("E5", Outcome(0, "", "")),
    ("force-leave-and-leave", "nobody"): ("E4", Outcome(3, "", "gossipctl: no member is called 'nobody'\n")),
    ("force-leave-and-leave", "-prune", "nobody"): ("E4", Outcome(3, "", "gossipctl: no member is called 'nobody'\n")),
    ("force-leave-and-leave", "zeta"): ("E19", Outcome(1, "", "gossipctl: 'zeta' is alive: [^\n]*--force\n")),
    ("force-leave-and-leave", "leave", "extra"): ("E7", usage()),
    ("info-rtt-reachability", "info", "extra"): ("E7", usage()),
    ("info-rtt-reachability", "reachability", "extra"): ("E7", usage()),
    ("join", "127.0.76.1", "-replay"): ("E5", Outcome(
        0, "Successfully joined cluster by contacting 1 nodes.\n", "")),
    ("join", "127.0.76.250", "127.0.76.1"): ("E4", Outcome(
        0, "Successfully joined cluster by contacting 1 nodes.\n", "gossipctl: only 1 of 2 addresses [^\n]*\n")),
    ("join", "127.0.76.250"): ("E1, E28", Outcome(
        1, "", "gossipctl: error joining the cluster: Failed to join 127.0.76.250: dial tcp 127.0.76.250:7946: "
               "connect: connection refused\n")),
    ("join", "127.0.76.250", "127.0.76.251:99"): ("E1, E28", Outcome(
        1, "", "gossipctl: error joining the cluster: Failed to join 127.0.76.250: [^\n]*\n"
               "gossipctl: error joining the cluster: Failed to join 127.0.76.251: [^\n]*\n")),
    ("join", "127.0.76.1:7373"): ("E1, E28", Outcome(
        1, "", "gossipctl: error joining the cluster: Failed to join 127.0.76.1: EOF\n")),
    ("members", "extra", "args"): ("E7", usage()),
    ("members", "-name=("): ("E13", Outcome(
        1, "", "gossipctl: error retrieving members: the agent closed [^\n]* no regular expression\\)\n")),
    ("members", "-status=aliv"): ("a warning beside it", Outcome(
        0, "", "gossipctl: warning: no member ever has the status 'aliv': [^\n]*\n")),
    ("members", "-rpc-addr=127.0.76.1"): ("the port may be left out", Outcome(
        5, "", "gossipctl: no agent answers at 127.0.76.1:7373 [^\n]*\n")),
    ("members", "-rpc-addr=nonsense"): ("the port may be left out", Outcome(
        5, "", "gossipctl: no agent answers at nonsense:7373 [^\n]*\n")),
    ("members", "-rpc-auth=whatever"): ("E1, E17", Outcome(
        1, "", "gossipctl: the agent at [^\n]* refuses the token: Invalid authentication token "
               "\\(a Serf agent that wants no token refuses every one\\)\n")),
    ("keys", "-list", "-rpc-auth=x"): ("E1, E17", Outcome(
        1, "", "gossipctl: the agent at [^\n]* refuses the token: Invalid authentication token [^\n]*\n")),
    ("rpc-auth", "members", "-rpc-auth=wrong"): ("E1", Outcome(
        1, "", "gossipctl: the agent at [^\n]* refuses the token: Invalid authentication token [^\n]*\n")),
    ("query", "-timeout=500ms", "lines"): ("E11", Outcome(
        0, "Query 'lines' dispatched\nAck from 'alpha'\nAck from 'beta'\nAck from 'gamma'\n"
           "Response from 'beta': a\n\tb\n\t\nTotal Acks: 3\nTotal Responses: 1\n", "")),
    ("query", "-timeout=500ms", "bytes"): ("E11", Outcome(
        0, "Query 'bytes' dispatched\nAck from 'alpha'\nAck from 'beta'\nAck from 'gamma'\n"
           "Response from 'beta': \\xff\\x00\\x01\nTotal Acks: 3\nTotal Responses: 1\n", "")),
    ("query", "-timeout=5s", "uptime", "SIGINT"): ("E4, E11", Outcome(
        4, "Query 'uptime' dispatched\nAck from 'alpha'\nAck from 'beta'\nAck from 'gamma'\n"
           "Response from 'beta': up 3 days\nResponse from 'gamma': gamma up\nTotal Acks: 3\nTotal Responses: 2\n",
        "gossipctl: interrupted\n")),
    ("query", "-timeout=5s", "-format=json", "uptime", "SIGINT"): ("E11", Outcome(
        4, {"Acks": ["alpha", "beta", "gamma"], "Responses": {"beta": "up 3 days\n", "gamma": "gamma up\n"}},
        "gossipctl: interrupted\n")),
    ("info-rtt-reachability", "rtt", "alpha", "alpha"): ("E29", Outcome(
        0, "Estimated alpha <-> alpha rtt: 0.000 ms\n", "")),
    ("info-rtt-reachability", "rtt", "nobody"): ("E1, E4", no_coordinate("nobody", 3, "no member is called so")),
    ("info-rtt-reachability", "rtt", "beta", "nobody"): ("E1, E4", no_coordinate("nobody", 3, "no member is called so")),
    ("info-rtt-reachability", "rtt", "epsilon"): ("E1", no_coordinate("epsilon", 1, "it has not answered a probe [^\n]*")),
    ("rpc-auth", "rtt", "theta"): ("E1", Outcome(
        1, "", "gossipctl: error getting the agent's name: Authentication required: [^\n]*\n")),
    ("info-rtt-reachability", "reachability", "SIGINT"): ("E1", Outcome(
        4, "Total members: 5, live members: 3\nStarting reachability test...\nTest interrupted\n",
        "gossipctl: interrupted\n")),
    ("reachability-all-alive", "members"): ("E1", Outcome(
        5, "", "gossipctl: what listens at [^\n]* is no agent: the agent closed the connection\n")),
    ("tags",): ("E15", Outcome(0, "dc=east\nrole=web\n", "")),
    ("tags", "-delete", "empty", "-set", "x=1", "ignored=2"): ("E7", usage()),
    ("top-level", "keygen", "extra", "-nonsense"): ("E7", usage()),
    ("top-level", "version", "extra"): ("E7", usage()),
    ("top-level", "members", "--version"): ("E6", usage()),
    ("top-level", "event", "x", "-v"): ("E6", usage()),
    ("top-level", "help"): ("help is a command", Outcome(0, None, "")),
}
