#include "agent/handlers/spec.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "config/origins.h"

namespace gossip::agent {
namespace {

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace

std::string HandlerSpec::key() const {
  return events.find(':') == std::string::npos ? events + ":" : events;
}

Expected<std::vector<HandlerSpec>> parse_handler(std::string_view text) {
  const std::size_t equals = text.find('=');
  const bool filtered = equals != std::string_view::npos;
  const std::string_view command = filtered ? text.substr(equals + 1) : text;
  std::string_view rest = filtered && equals > 0 ? text.substr(0, equals) : "*";
  if (command.empty()) {
    return fail(ErrorCode::InvalidArgument,
                filtered ? "no command after the \"=\" of " + quoted(text) : "no command");
  }
  if (command.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::InvalidArgument, "a command cannot contain a NUL byte");
  }
  std::vector<HandlerSpec> specs;
  for (;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view events = rest.substr(0, comma);
    std::optional<rpc::EventFilter> filter;
    if (!events.empty()) filter = rpc::EventFilter::parse(events);
    if (!filter) {
      return fail(
          ErrorCode::InvalidArgument,
          "Invalid event script: " + quoted(events) + " stands before the first \"=\" of " +
              quoted(text) +
              " and was taken for a kind of events, but those are member-join, member-leave, "
              "member-failed, member-update, member-reap, user, user:NAME, query, query:NAME "
              "and *; a command with a \"=\" in it is written " +
              quoted("*=" + std::string(text)));
    }
    specs.push_back({std::string(events), *std::move(filter), std::string(command)});
    if (comma == std::string_view::npos) return specs;
    rest.remove_prefix(comma + 1);
  }
}

std::string doubt_about_handler(std::string_view text) {
  const bool is_doubtful = text.find('=') == std::string_view::npos && !text.empty() &&
                           rpc::EventFilter::parse(text).has_value();
  if (!is_doubtful) return {};
  return quoted(text) +
         " is run as a command for all events; for a command of these events write " +
         quoted(std::string(text) + "=COMMAND");
}

std::vector<HandlerSpec> handlers_of(const config::AgentConfig& config,
                                     config::Mistakes& mistakes) {
  const std::vector<std::string>& texts = config.events.handlers;
  std::vector<HandlerSpec> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Expected<std::vector<HandlerSpec>> specs = parse_handler(texts[i]);
    if (!specs) {
      mistakes.add_from(
          config::refuse_element(config.settings, "event_handlers", i, specs.error().message));
      continue;
    }
    std::move(specs->begin(), specs->end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace gossip::agent
