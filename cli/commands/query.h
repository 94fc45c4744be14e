// `gossipctl query`: asks the members and shows what they answer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// What has come so far.
struct QueryResult {
  std::vector<std::string> acks;  // in order of arrival
  std::map<std::string, Bytes> responses;
  std::optional<rpc::QuerySummary> summary;  // of gossipd alone, at the end
};

// "Ack from ..." or "Response from ...: ..."; lines of a payload after its first begin with a tab, so that
// no member can write the lines of another.
[[nodiscard]] std::string format_reply(const rpc::QueryReply& reply);
// "3 of 3 answered, 0 silent".
[[nodiscard]] std::string format_summary(const rpc::QuerySummary& summary);
[[nodiscard]] std::string format_totals(const QueryResult& result, bool acks);
[[nodiscard]] std::string format_query_json(const QueryResult& result);

ExitCode run(const QueryOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
