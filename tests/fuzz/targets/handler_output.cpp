// agent/handlers: of what a script writes the last bytes are kept; what it is given are variables that an
// environment can hold and lines that cannot be forged.
#include <algorithm>
#include <set>

#include "agent/handlers/output_tail.h"
#include "agent/handlers/script_input.h"
#include "base/check.h"
#include "fuzz/decisions.h"
#include "fuzz/targets.h"

namespace {

using gossip::Bytes;
using gossip::fuzz::Decisions;
namespace agent = gossip::agent;

void check_tail(Decisions& decisions) {
  const std::size_t limit = decisions.byte();
  agent::OutputTail tail(limit);
  std::string all;
  for (std::size_t left = decisions.one_of(16); left > 0; --left) {
    const std::string chunk = decisions.text();
    tail.append(chunk);
    all += chunk;
  }
  GOSSIP_CHECK(tail.total_bytes() == all.size());
  GOSSIP_CHECK(tail.is_whole() == (all.size() <= limit));
  GOSSIP_CHECK(tail.text() == all.substr(all.size() - std::min(all.size(), limit)));
}

gossip::Tags tags_of(Decisions& decisions) {
  gossip::Tags tags;
  for (std::size_t left = decisions.one_of(4); left > 0; --left) {
    std::string name = decisions.text();
    tags.insert_or_assign(std::move(name), decisions.text());
  }
  return tags;
}

gossip::Event event_of(Decisions& decisions) {
  switch (decisions.one_of(3)) {
    case 0: {
      gossip::MemberEvent event;
      for (std::size_t left = decisions.one_of(4); left > 0; --left) {
        gossip::Member member;
        member.name = decisions.text();
        member.tags = tags_of(decisions);
        event.members.push_back(std::move(member));
      }
      return event;
    }
    case 1: {
      gossip::UserEvent event;
      event.name = decisions.text();
      const gossip::ByteView payload = decisions.bytes();
      event.payload.assign(payload.begin(), payload.end());
      return event;
    }
    default: {
      gossip::Query query;
      query.name = decisions.text();
      const gossip::ByteView payload = decisions.bytes();
      query.payload.assign(payload.begin(), payload.end());
      return query;
    }
  }
}

void check_environment(const agent::Self& self, const gossip::Event& event) {
  const char* const inherited[] = {"PATH=/bin", "SERF_EVENT=stale", nullptr};  // NOLINT: as environ
  const std::vector<std::string> environment =
      agent::script_environment(inherited, agent::script_variables(self, event));
  std::set<std::string> names;
  for (const std::string& assignment : environment) {
    GOSSIP_CHECK(assignment.find('\0') == std::string::npos);
    const std::size_t end = assignment.find('=');
    GOSSIP_CHECK(end != std::string::npos && names.insert(assignment.substr(0, end)).second);
  }
  GOSSIP_CHECK(std::ranges::find(environment, "SERF_EVENT=stale") == environment.end());
}

void check_input(const gossip::Event& event) {
  const Bytes input = agent::script_input(event);
  GOSSIP_CHECK(input.empty() || input.back() == '\n');
  if (const auto* members = std::get_if<gossip::MemberEvent>(&event)) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(input, '\n'));
    GOSSIP_CHECK(lines == members->members.size());
    GOSSIP_CHECK(static_cast<std::size_t>(std::ranges::count(input, '\t')) == 3 * lines);
  }
}

}  // namespace

void gossip::fuzz::target::handler_output(ByteView input) {
  Decisions decisions(input);
  check_tail(decisions);
  const std::string name = decisions.text();
  const Tags tags = tags_of(decisions);
  const Event event = event_of(decisions);
  check_environment({name, tags}, event);
  check_input(event);
}
