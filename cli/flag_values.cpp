#include "cli/flag_values.h"

#include <charconv>

#include "base/go_duration.h"

namespace gossip::cli {

tl::unexpected<Error> usage(std::string message) {
  return fail(ErrorCode::InvalidArgument, std::move(message));
}

void add_format(FlagSet& set) {
  set.add_value("format", "FORMAT", "text or json; default text");
}

Expected<Format> read_format(const FlagSet& set) {
  const std::string format = set.last("format").value_or("text");
  if (format == "text") {
    return Format::Text;
  }
  if (format == "json") {
    return Format::Json;
  }
  return usage("unknown format '" + format + "': text or json");
}

Expected<std::pair<std::string, std::string>> read_tag(const std::string& text,
                                                       std::string_view wanted) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return usage("invalid tag '" + text + "': give " + std::string(wanted));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Expected<std::optional<std::chrono::nanoseconds>> read_duration(const FlagSet& set,
                                                                const std::string& name) {
  const std::optional<std::string> text = set.last(name);
  if (!text) {
    return std::nullopt;
  }
  const Expected<Duration> parsed = base::parse_go_duration(*text);
  if (!parsed) {
    return usage("--" + name + ": " + parsed.error().message);
  }
  if (parsed->count() < 0) {
    return usage("--" + name + " is negative");
  }
  return *parsed;
}

Expected<std::optional<std::uint32_t>> read_number(const FlagSet& set, const std::string& name,
                                                   std::uint32_t most) {
  const std::optional<std::string> text = set.last(name);
  if (!text) {
    return std::nullopt;
  }
  std::uint32_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || stop != end || number > most) {
    return usage("--" + name + " is a number from 0 to " + std::to_string(most) + ", not '" +
                 *text + "'");
  }
  return number;
}

void add_agent_flags(FlagSet& set, TimeLimit limit) {
  set.add_value("rpc-addr", "ADDR",
                "Agent's RPC address: unix:///path, /path, ./path or host:port");
  set.add_value("rpc-auth", "TOKEN", "Agent's RPC token; others see it in the process list");
  set.add_value("rpc-auth-file", "FILE", "Read the token from the first line of FILE");
  if (limit == TimeLimit::Flag) {
    set.add_value("timeout", "D", "Give up after D, e.g. 500ms or 1m; 0 never does");
  }
}

Expected<AgentOptions> read_agent(const FlagSet& set, TimeLimit limit) {
  AgentOptions agent{.rpc_addr = set.last("rpc-addr"),
                     .rpc_auth = set.last("rpc-auth"),
                     .rpc_auth_file = set.last("rpc-auth-file"),
                     .timeout = std::nullopt};
  if (agent.rpc_auth && agent.rpc_auth_file) {
    return usage("give the token by --rpc-auth or by --rpc-auth-file, not both");
  }
  if (limit == TimeLimit::Flag) {
    const auto timeout = read_duration(set, "timeout");
    if (!timeout) {
      return tl::unexpected(timeout.error());
    }
    agent.timeout = *timeout;
  }
  return agent;
}

}  // namespace gossip::cli
