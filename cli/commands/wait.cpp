#include "cli/commands/wait.h"

#include <string>
#include <utility>

#include "cli/commands/members.h"
#include "cli/json.h"

namespace gossip::cli {
namespace {

// A status may change without an event (leaving), and Serf's agents tell of events a second late.
constexpr std::chrono::seconds kLookAgain{1};

bool is_enough(const WaitOptions& options, std::size_t count) {
  return (!options.at_least || count >= *options.at_least) &&
         (!options.at_most || count <= *options.at_most);
}

std::string describe(const WaitOptions& options, std::size_t count) {
  std::string text = std::to_string(count);
  text += count == 1 ? " member matches, not" : " members match, not";
  if (options.at_least) {
    text += " at least " + std::to_string(*options.at_least);
  }
  if (options.at_most) {
    text += std::string(options.at_least ? " and" : "") + " at most " +
            std::to_string(*options.at_most);
  }
  return text;
}

// How the wait ended, for programs; people see the exit code, or an error.
void print_end(const WaitOptions& options, std::size_t count, Output& out) {
  if (options.format != Format::Json) return;
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("reached");
  json.truth(is_enough(options, count));
  json.key("matching");
  json.number(count);
  json.end_object();
  out.print(json.take());
}

}  // namespace

ExitCode run(const WaitOptions& options, Connection& agent, Output& out) {
  const std::string complaint = complaint_about_status(options.members.status);
  if (!complaint.empty()) Output::complain(complaint);
  agent.begins("waiting");
  rpc::StreamRequest changes;
  changes.type = "member-join,member-leave,member-failed,member-update,member-reap";
  changes.coalesce = false;
  if (const Expected<rpc::Response> opened = agent.call(changes); !opened) {
    return Output::report("error waiting", opened.error());
  }
  for (;;) {
    agent.forget_records();  // what they tell is in the list that comes now
    const Expected<std::vector<Member>> members = matching_members(options.members, agent);
    if (!members) {
      return Output::report("error retrieving members", members.error());
    }
    if (is_enough(options, members->size())) {
      print_end(options, members->size(), out);
      return ExitCode::Done;
    }
    agent.note(describe(options, members->size()));
    const Expected<rpc::StreamRecord> changed = agent.next_record_within(kLookAgain);
    if (!changed && (agent.interrupted() || agent.is_late())) {
      Error error = changed.error();
      error.message = (agent.interrupted() ? "interrupted: " : "the time is over: ") +
                      describe(options, members->size());
      print_end(options, members->size(), out);
      return Output::report(error);
    }
    if (!changed && changed.error().code != ErrorCode::TimedOut) {
      return Output::report("error waiting", changed.error());
    }
  }
}

}  // namespace gossip::cli
