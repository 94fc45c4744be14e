// What a handler's process is given: environment and standard input, both as Serf writes them (agent-cli.md B4).
#pragma once

#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/event.h"
#include "gossip/member.h"

namespace gossip::agent {

// Who runs the handler: this node as it is now.
struct Self {
  const std::string& name;
  const Tags& tags;
};

// "SERF_EVENT=member-join" …, each also as "GOSSIP_…"; a later one of a name wins. A NUL byte, which no variable
// can hold, becomes the two characters \0, so that a name is never taken for a shorter one.
[[nodiscard]] std::vector<std::string> script_variables(const Self& self, const Event& event);

// `inherited` as `environ` has it, with `variables` over it: each name once.
[[nodiscard]] std::vector<std::string> script_environment(const char* const* inherited,
                                                          std::vector<std::string> variables);

// A line for each member, "NAME<TAB>IP<TAB>ROLE<TAB>TAGS"; or the payload, which ends with a newline unless it
// is empty.
[[nodiscard]] Bytes script_input(const Event& event);

}  // namespace gossip::agent
