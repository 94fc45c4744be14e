// A handler as people write it: "member-join,user:deploy=/path/to/script" (Serf's grammar, agent-cli.md B4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/rpc/event_filter.h"
#include "config/agent_config.h"
#include "config/mistakes.h"

namespace gossip::agent {

// One command for one kind of events.
struct HandlerSpec {
  std::string events;  // "member-join", "user", "user:NAME", "query:NAME", "*"
  rpc::EventFilter filter;
  std::string command;

  // "TYPE:NAME" as `serf info` lists handlers; NAME is empty where any will do.
  [[nodiscard]] std::string key() const;
};

// "EVENTS=COMMAND", split at the first "="; without one, or with no EVENTS, the command is for all. A list of
// events makes one handler of each, so an event that meets two runs the command twice, as in Serf.
// Errors: InvalidArgument, with what each half was taken for.
[[nodiscard]] Expected<std::vector<HandlerSpec>> parse_handler(std::string_view text);
// A warning where `text` is a kind of events alone, and so a command for all events, as in Serf; else empty.
[[nodiscard]] std::string doubt_about_handler(std::string_view text);
// All of a configuration, in its order. Mistakes: parse_handler's, beginning with where the handler stands.
[[nodiscard]] std::vector<HandlerSpec> handlers_of(const config::AgentConfig& config,
                                                   config::Mistakes& mistakes);

}  // namespace gossip::agent
