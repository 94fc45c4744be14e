// The process between the agent and a handler's shell: gossipd itself, started as `gossipd --run-handler COMMAND`.
// It ends the handler's whole process group when the agent is gone, however that went, and lives as long as
// anything that the handler has started (docs/design.md). It leads the group and ignores what can be ignored.
#pragma once

#include <cstdint>

namespace gossip::agent {

inline constexpr const char* kRunHandlerFlag = "--run-handler";

// One end of the lifeline, a pair of sockets: the agent holds the other one and never writes. Its end is the
// agent's. The supervisor writes one ShellEnd to it.
inline constexpr int kLifelineDescriptor = 3;

// What wait(2) said of the shell; both sides are the same program.
struct ShellEnd {
  std::int32_t wait_status = 0;
};

// Runs `command` with /bin/sh and returns our exit code, when nothing of it is left. Needs the lifeline.
[[nodiscard]] int supervise(const char* command);

}  // namespace gossip::agent
