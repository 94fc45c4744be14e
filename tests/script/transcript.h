// What happened, as one line each, for scripts to compare.
#pragma once

#include <string>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/event.h"

namespace gossip::script {

// Each message of a datagram that a node with `config` sealed.
[[nodiscard]] std::vector<std::string> describe_packet(ByteView datagram, const Config& config);
// What a write on a stream holds: "push/pull join=yes a b", "stream ping seq=3".
[[nodiscard]] std::string describe_stream(ByteView bytes, const Config& config);
[[nodiscard]] std::string describe_event(const Event& event);
[[nodiscard]] std::string describe_finish(const Finish& finish);
[[nodiscard]] std::string describe_reply(const QueryReply& reply);
[[nodiscard]] std::string describe_done(const QueryDone& done);
[[nodiscard]] std::string describe_log(const Log& log);
// "0.010s"
[[nodiscard]] std::string describe_time(TimePoint at);

}  // namespace gossip::script
