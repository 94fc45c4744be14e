// What the observer can be asked to do. Each takes its arguments as words, the agents from the first line of
// standard input where it watches any, and writes lines for tests/bench/measure/observer.py.
#pragma once

#include <span>
#include <string>

namespace gossip::bench {

using Words = std::span<const std::string>;

// events COUNT PER_SECOND PAYLOAD_BYTES PATIENCE_MS LISTENERS ORIGINS: fires user events and prints, for each,
// the delay in µs until each listener was told, "-" for never.
int run_events(Words words);
// changes: prints "NS AGENT KIND NAME" for each member event in the agents' logs, until input ends.
int run_changes(Words words);
// converge COUNT: waits until every agent has logged COUNT members' joining; prints the time.
int run_converge(Words words);
// count COUNT: asks one agent after the other until it counts COUNT members; prints the time at which all did.
int run_count(Words words);
// respond: answers every query at every agent, until input ends.
int run_respond(Words words);
// starts TIMES ADDRESS:PORT PROGRAM ARGUMENTS…: starts the agent alone so many times; prints
// "NS RSS_KB" from exec to an answered handshake.
int run_starts(Words words);
// commands TIMES PROGRAM ARGUMENTS…: runs a command so many times; prints "NS PEAK_KB" from its start to its end.
int run_commands(Words words);

// A number of an argument; gives up if it is none.
[[nodiscard]] long long number(const std::string& word);

}  // namespace gossip::bench
