// `gossipctl monitor`: log lines and events as they come, until Ctrl-C.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// The lines for one record, dated `now` where it brings no time of its own: text in local time, JSON in UTC.
// Replies to queries belong to no monitor and give nothing.
[[nodiscard]] std::string format_record(const rpc::Record& record, Format format,
                                        std::chrono::system_clock::time_point now);

ExitCode run(const MonitorOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
