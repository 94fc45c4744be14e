// One recorded conversation, held with our session instead of Serf's port.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "agent/rpc/session.h"
#include "rpc/record_codec.h"
#include "rpc/request_codec.h"
#include "rpc/response_codec.h"
#include "unit/agent/rpc/scripted_agent.h"
#include "unit/rpc/golden_ipc.h"

namespace gossip::agent::rpc {

using gossip::rpc::Command;
using gossip::rpc::golden::Json;
using gossip::rpc::golden::Scenario;
using gossip::rpc::golden::Step;

// What differs by nature, taken out of ours: the fields that only gossipd has.
inline constexpr std::string_view kMasked[] = {"Answered", "Asked", "Declined", "Silent",
                                               "PrimaryKeys"};

// Recorded on a connection other than the one that made the agent leave.
inline bool ends_with_its_agent(std::string_view name) {
  return name == "stream-at-agent-exit" || name == "leave-watched";
}

// What a session says by itself; all other errors are the agent's.
inline bool is_the_sessions(std::string_view error) {
  return error == "Queries cannot contain the '_serf_' prefix" ||
         error.starts_with("illegal base64 data") || error.ends_with(" nodes reported failure") ||
         error.ends_with(" nodes reported success");
}

inline std::optional<Error> refusal_of(std::string_view error) {
  constexpr std::string_view kRespond = "failed to respond to key query: ";
  if (error.empty() || is_the_sessions(error)) return std::nullopt;
  if (error == "No pending queries matching ID") return Error{ErrorCode::NotFound, "unknown"};
  if (error.starts_with(kRespond)) error.remove_prefix(kRespond.size());
  return Error{ErrorCode::WrongState, std::string(error)};
}

inline KeyResult result_of(const gossip::rpc::KeyResponse& body) {
  KeyResult result;
  result.node_count = static_cast<std::uint32_t>(body.node_count);
  result.response_count = static_cast<std::uint32_t>(body.response_count);
  result.error_count = static_cast<std::uint32_t>(body.error_count);
  result.messages = body.messages;
  if (body.keys) result.keys.insert(body.keys->begin(), body.keys->end());
  return result;
}

// Where Serf's reason of a failed join says "dial tcp ADDRESS: ", ours says "ADDRESS: ".
inline Bytes without_go(const Bytes& object) {
  constexpr std::string_view kDial = "dial tcp ";
  const auto header = gossip::rpc::decode_response_header(object);
  if (!header || header->error.find(kDial) == std::string::npos) return object;
  std::string error = header->error;
  for (std::size_t at = 0; (at = error.find(kDial)) != std::string::npos;)
    error.erase(at, kDial.size());
  Bytes shorter;
  gossip::rpc::encode_response_header({header->seq, error}, shorter);
  return shorter;
}

inline JoinFailure refused(const std::string& contact) {
  const bool has_port = contact.find(':') != std::string::npos;
  const std::string address = has_port ? contact : contact + ":7946";
  return {address, "connect: connection refused"};
}

// One scenario: what Serf received goes to a session, what Serf answered must come from it. The agent behind
// the session does what Serf's agent did, as far as the answers tell.
class Replay final {
 public:
  Replay(const std::vector<Member>& members, SessionSettings settings)
      : talk_(std::move(settings)) {
    talk_.agent.member_list = members;
    if (!members.empty()) talk_.agent.own_tags = members.front().tags;
  }

  void run(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
      if (step.kind == Step::Kind::Receive) future_.push_back(step.bytes);
    }
    for (const Step& step : scenario.steps) {
      switch (step.kind) {
        case Step::Kind::Send: send(step.bytes); break;
        case Step::Kind::Receive:
          future_.pop_front();
          receive(step.bytes);
          break;
        case Step::Kind::Closed:
          if (ends_with_its_agent(scenario.name)) break;
          if (scenario.name == "half-close") talk_.session.end_of_input();
          CHECK(talk_.client.finished);
          break;
        case Step::Kind::Other: break;
      }
    }
    settle();
    CHECK(heard_.empty());
  }

  int compared = 0;

 private:
  // The first answer to come that has this Seq, and the object behind it.
  std::pair<std::string, Bytes> answer_to(std::uint64_t seq) const {
    for (std::size_t i = 0; i < future_.size(); ++i) {
      const auto header = gossip::rpc::decode_response_header(future_[i]);
      if (!header || header->seq != seq) continue;
      return {header->error, i + 1 < future_.size() ? future_[i + 1] : Bytes()};
    }
    return {};
  }

  void send(const Bytes& bytes) {
    follow(bytes);
    talk_.session.receive(bytes);
    settle();
  }

  // Lets slow commands end, and takes what was said.
  void settle() {
    while (!talk_.agent.joins.empty()) {
      const ScriptedAgent::Join join = std::move(talk_.agent.joins.front());
      talk_.agent.joins.erase(talk_.agent.joins.begin());
      JoinResult result;
      for (const std::string& contact : join.addresses) {
        if (contact.starts_with("127.0.77.25")) {
          result.failures.push_back(refused(contact));
        } else if (contact.ends_with(":99999")) {
          result.failures.push_back(
              {contact, "strconv.ParseUint: parsing \"99999\": value out of range"});
        } else if (contact.empty()) {
          result.failures.push_back({contact, "lookup : no such host"});
        } else {
          ++result.joined;
        }
      }
      join.done(result);
    }
    while (!talk_.agent.key_changes.empty()) {
      const ScriptedAgent::KeyChange change = std::move(talk_.agent.key_changes.front());
      talk_.agent.key_changes.erase(talk_.agent.key_changes.begin());
      change.done(key_result_);
    }
    if (talk_.agent.leave_done) std::exchange(talk_.agent.leave_done, nullptr)({});
    if (!talk_.agent.member_list.empty()) {
      talk_.agent.member_list.front().tags = talk_.agent.own_tags;
    }
    for (Bytes& object : gossip::rpc::golden::objects_of(talk_.client.unread)) {
      heard_.push_back(std::move(object));
    }
    talk_.client.unread.clear();
  }

  // Which command each Seq belongs to, and which are to be answered.
  void follow(const Bytes& bytes) {
    requests_.feed(bytes);
    for (;;) {
      const gossip::rpc::Reader::Result result = requests_.next(gossip::rpc::kMaxRequestBodyBytes);
      if (result.status != gossip::rpc::Reader::Status::Complete) return;
      if (const auto command = std::exchange(body_of_, std::nullopt)) {
        if (const auto request = gossip::rpc::decode_request(*command, result.object)) {
          prepare(*request);
        }
        continue;
      }
      const auto header = gossip::rpc::decode_request_header(result.object);
      const auto command =
          header ? gossip::rpc::command_from(header->command) : std::optional<Command>();
      if (!command) continue;
      seq_ = header->seq;
      commands_[seq_] = *command;
      awaited_.insert(seq_);
      if (gossip::rpc::has_request_body(*command)) {
        body_of_ = *command;
      } else if (const auto request = gossip::rpc::decode_request(*command, {})) {
        prepare(*request);
      }
    }
  }

  // The agent will do what Serf's did.
  void prepare(const gossip::rpc::Request& request) {
    const Command command = gossip::rpc::command_of(request);
    const auto [error, body] = answer_to(seq_);
    talk_.agent.refusal = refusal_of(error);
    if (command == Command::Tags && error.starts_with("Encoded length")) {
      talk_.agent.tags_refusal = Error{ErrorCode::TooLarge, "too large"};
    }
    if (command == Command::Query && error.empty()) running_[seq_].push_back(next_query_++);
    if (!gossip::rpc::body_follows(command, error) || body.empty()) return;
    const auto decoded = gossip::rpc::decode_response_body(command, body);
    if (!decoded) return;
    if (const auto* keys = std::get_if<gossip::rpc::KeyResponse>(&*decoded)) {
      key_result_ = result_of(*keys);
    }
    if (const auto* place = std::get_if<gossip::rpc::CoordinateResponse>(&*decoded)) {
      const auto& name = std::get<gossip::rpc::GetCoordinateRequest>(request).node;
      if (place->coordinate) talk_.agent.coordinates[name] = *place->coordinate;
    }
    if (const auto* listed = std::get_if<gossip::rpc::MembersResponse>(&*decoded)) {
      if (command == Command::Members) talk_.agent.member_list.clear();
      for (const Member& member : listed->members)
        put(member);
    }
  }

  // A member as Serf's agent knew it by then.
  void put(const Member& member) {
    std::vector<Member>& members = talk_.agent.member_list;
    std::erase_if(members, [&member](const Member& old) { return old.name == member.name; });
    members.push_back(member);
    std::sort(members.begin(), members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
    talk_.agent.own_tags = members.front().tags;
  }

  void receive(const Bytes& theirs) {
    const auto header = gossip::rpc::decode_response_header(theirs);
    if (body_due_ || !header) {
      body_due_ = false;
      if (record_) {
        tell(theirs);
      } else {
        compare(theirs);
      }
      return;
    }
    const auto found = commands_.find(header->seq);
    if (found == commands_.end()) return compare(theirs);
    seq_ = header->seq;
    const auto awaited = awaited_.find(seq_);
    record_ = awaited == awaited_.end();
    if (record_) {
      body_due_ = true;
      return;
    }
    awaited_.erase(awaited);
    body_due_ = gossip::rpc::body_follows(found->second, header->error);
    compare(theirs);
  }

  // What Serf's record tells of happens to our agent, whose session must send the same record.
  void tell(const Bytes& theirs) {
    const auto record = gossip::rpc::decode_record(commands_.at(seq_), theirs);
    REQUIRE(record);
    if (const auto* members = std::get_if<MemberEvent>(&*record)) {
      talk_.session.published_coalesced(*members);
    } else if (const auto* user = std::get_if<UserEvent>(&*record)) {
      publish_once(*user);
    } else if (const auto* asked = std::get_if<gossip::rpc::QueryEvent>(&*record)) {
      talk_.session.published(Query{asked->id, asked->time, asked->name, asked->payload, "", {}});
    } else if (const auto* line = std::get_if<gossip::rpc::LogLine>(&*record)) {
      const bool debug = line->text.find("[DEBUG]") != std::string::npos;
      talk_.agent.ring.append(debug ? LogLevel::Debug : LogLevel::Info, line->text);
    } else if (const auto* reply = std::get_if<gossip::rpc::QueryReply>(&*record)) {
      reply_to_query(*reply);
    }
    settle();
    take_record(theirs);
  }

  // Serf sends to several streams in any order, we in that of their Seqs; each of the records is compared.
  void publish_once(const UserEvent& event) {
    if (std::exchange(last_event_, event.time) != event.time) {
      talk_.session.published_coalesced(event);
    }
  }

  void reply_to_query(const gossip::rpc::QueryReply& reply) {
    std::deque<std::size_t>& running = running_.at(seq_);
    REQUIRE_FALSE(running.empty());
    const ScriptedAgent::AskedQuery query = talk_.agent.queries.at(running.front());
    if (reply.kind == gossip::rpc::QueryReplyKind::Done) {
      running.pop_front();
      return query.over({});
    }
    const bool ack = reply.kind == gossip::rpc::QueryReplyKind::Ack;
    query.replied(
        {1, ack ? QueryReplyKind::Ack : QueryReplyKind::Response, reply.from, reply.payload});
  }

  void take_record(const Bytes& theirs) {
    for (auto ours = heard_.begin(); ours != heard_.end(); ++ours) {
      const auto header = gossip::rpc::decode_response_header(*ours);
      if (!header || header->seq != seq_) continue;
      CHECK(header->error.empty());
      ours = heard_.erase(ours);
      REQUIRE(ours != heard_.end());
      CHECK(masked(*ours) == masked(theirs));
      heard_.erase(ours);
      ++compared;
      return;
    }
    FAIL("no record of this Seq");
  }

  static Json masked(const Bytes& object) {
    Json json = gossip::rpc::golden::decode(object);
    for (const std::string_view field : kMasked) {
      if (json.is_object()) json.erase(std::string(field));
    }
    return json;
  }

  void compare(const Bytes& theirs) {
    REQUIRE_FALSE(heard_.empty());
    CHECK(masked(heard_.front()) == masked(without_go(theirs)));
    heard_.pop_front();
    ++compared;
  }

  Conversation talk_;
  std::deque<Bytes> future_;  // of what Serf said, from here on
  std::deque<Bytes> heard_;
  gossip::rpc::Reader requests_;
  std::optional<Command> body_of_;
  std::map<std::uint64_t, Command> commands_;
  std::multiset<std::uint64_t> awaited_;
  std::map<std::uint64_t, std::deque<std::size_t>> running_;  // queries, by Seq
  std::size_t next_query_ = 0;
  KeyResult key_result_;
  LamportTime last_event_ = 0;
  std::uint64_t seq_ = 0;
  bool body_due_ = false;
  bool record_ = false;
};

}  // namespace gossip::agent::rpc
