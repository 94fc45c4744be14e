#include "unit/cluster/scene.h"

#include <array>
#include <optional>
#include <utility>

namespace gossip::cluster {
namespace {

constexpr std::uint64_t kHashSeed = 1;

std::array<std::uint8_t, 32> chance_seed() {
  std::array<std::uint8_t, 32> seed{};
  for (std::size_t i = 0; i < seed.size(); ++i)
    seed[i] = static_cast<std::uint8_t>(17 * i + 3);
  return seed;
}

Config named_me(Config config) {
  config.node_name = "me";
  return config;
}

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string show_message(ByteView message) {
  const ByteView body = message.subspan(1);
  switch (static_cast<wire::ClusterType>(message[0])) {
    case wire::ClusterType::Join: {
      const auto intent = wire::decode_join_intent(body).value();
      return "join " + std::string(intent.node) + " " + number(intent.time);
    }
    case wire::ClusterType::Leave: {
      const auto intent = wire::decode_leave_intent(body).value();
      return "leave " + std::string(intent.node) + " " + number(intent.time) +
             (intent.prune ? " prune" : "");
    }
    case wire::ClusterType::UserEvent: {
      const auto event = wire::decode_user_event(body).value();
      return "event " + std::string(event.name) + " " + number(event.time);
    }
    case wire::ClusterType::Query: {
      const auto query = wire::decode_query(body).value();
      return "query " + std::string(query.name) + " " + number(query.time);
    }
    case wire::ClusterType::QueryResponse: {
      const auto response = wire::decode_query_response(body).value();
      const bool is_ack = (response.flags & wire::kResponseIsAck) != 0;
      return (is_ack ? "ack of " : "response of ") + std::string(response.from) +
             ((response.flags & wire::kResponseNoAnswer) != 0 ? ", no answer" : "");
    }
    default: return "message of type " + number(message[0]);
  }
}

std::string show_event(const Event& event) {
  if (const auto* user = std::get_if<UserEvent>(&event)) {
    return "user " + user->name + ":" + std::string(as_text(user->payload)) + " " +
           number(user->time) + (user->coalesce == Coalesce::Yes ? " coalesce" : "");
  }
  if (const auto* query = std::get_if<Query>(&event)) {
    return "asked " + query->name + ":" + std::string(as_text(query->payload)) + " by " +
           query->asker;
  }
  const auto& member_event = std::get<MemberEvent>(event);
  std::string line(to_string(member_event.kind));
  for (const Member& member : member_event.members) {
    line += " " + member.name + " (" + std::string(to_string(member.status)) + ")";
  }
  return line;
}

std::string show_reply(const QueryReply& reply) {
  if (reply.kind == QueryReplyKind::Ack) return "heard ack of " + reply.from;
  return "heard " + reply.from + ":" + std::string(as_text(reply.payload));
}

std::string show_done(const QueryDone& done) {
  std::string line = done.end == QueryEnd::Complete ? "complete" : "timed out";
  line += " " + number(done.asked) + "/" + number(done.answered) + "/" + number(done.declined);
  for (const std::string& name : done.silent)
    line += " " + name;
  return line;
}

std::string queue_name(Queue queue) {
  switch (queue) {
    case Queue::Intents: return "intents";
    case Queue::Queries: return "queries";
    case Queue::Events: return "events";
  }
  return "?";
}

std::string level_name(LogLevel level) {
  constexpr std::array<std::string_view, 5> kNames{"trace", "debug", "info", "warn", "error"};
  return std::string(kNames[static_cast<std::size_t>(level)]);
}

}  // namespace

std::string show(const Output& output, const members::Table& table) {
  if (const auto* broadcast = std::get_if<Broadcast>(&output)) {
    return queue_name(broadcast->queue) + " << " + show_message(broadcast->message) +
           (broadcast->ticket != 0 ? " ticket " + number(broadcast->ticket) : "");
  }
  if (const auto* send = std::get_if<SendDirect>(&output)) {
    return send->to.to_string() + " << " + show_message(send->message);
  }
  if (const auto* published = std::get_if<Published>(&output)) return show_event(published->event);
  if (const auto* reconnect = std::get_if<Reconnect>(&output)) {
    return "reconnect " + std::string(table.at(reconnect->member).name.view());
  }
  if (const auto* reaped = std::get_if<Reaped>(&output)) {
    return "reaped " + std::string(table.at(reaped->member).name.view());
  }
  if (const auto* reply = std::get_if<QueryReply>(&output)) return show_reply(*reply);
  if (const auto* done = std::get_if<QueryDone>(&output)) return show_done(*done);
  const Log& log = std::get<Log>(output);
  return level_name(log.level) + " " + log.text;
}

Scene::Scene(Config config_in)
    : config(named_me(std::move(config_in))),
      table(texts, config.max_members, kHashSeed),
      rng(chance_seed()),
      cluster(config, local, table, rng, counters) {
  join("me");
  said();
  logged();
}

members::Index Scene::join(std::string_view name) {
  std::optional<members::Index> member = table.find(name);
  if (!member) {
    member = table.insert(name).value();
    table.at(*member).ip = IpAddress::v4({192, 0, 2, next_host_++});
    table.at(*member).port = 7946;
  }
  members::Record& record = table.at(*member);
  record.meta = table.intern("\xff\x80");
  record.state = members::SwimState::Alive;
  cluster.node_joined(now, *member, out);
  return *member;
}

void Scene::gone(std::string_view name) {
  const members::Index member = table.find(name).value();
  table.at(member).state = members::SwimState::Dead;
  cluster.node_gone(now, member, out);
}

Verdict Scene::receive(Bytes message) {
  return cluster.receive(now, message, out);
}

Verdict Scene::receive_join(std::string_view name, LamportTime time) {
  return receive(wire::encode(wire::JoinIntent{time, name}));
}

Verdict Scene::receive_leave(std::string_view name, LamportTime time, Prune prune) {
  return receive(wire::encode(wire::LeaveIntent{time, name, prune == Prune::Yes}));
}

Verdict Scene::receive_event(std::string_view name, LamportTime time, std::string_view payload) {
  return receive(wire::encode(wire::UserEventMessage{time, name, as_bytes(payload), false}));
}

Verdict Scene::merge(const wire::ClusterState& state, MergeKind kind) {
  return cluster.merge_state(now, wire::encode(state), kind, out);
}

void Scene::pass(Duration by) {
  const TimePoint end = now + by;
  while (true) {
    const std::optional<TimePoint> due = cluster.next_deadline();
    if (!due || *due > end) break;
    now = std::max(now, *due);
    cluster.advance(now, out);
  }
  now = end;
}

std::string Scene::status(std::string_view name) const {
  const std::optional<members::Index> member = table.find(name);
  if (!member || !table.at(*member).is_member()) return "absent";
  const members::Record& record = table.at(*member);
  return std::string(to_string(record.status)) + " " + number(record.status_time);
}

Gauges Scene::gauges() const {
  Gauges gauges;
  cluster.fill(gauges);
  return gauges;
}

Lines Scene::said() {
  sort_out();
  return std::exchange(said_, {});
}

Lines Scene::logged() {
  sort_out();
  return std::exchange(logged_, {});
}

void Scene::sort_out() {
  for (const Output& output : out) {
    (std::holds_alternative<Log>(output) ? logged_ : said_).push_back(show(output, table));
  }
  out.clear();
}

}  // namespace gossip::cluster

doctest::String doctest::StringMaker<gossip::cluster::Lines>::convert(
    const gossip::cluster::Lines& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += "\n    " + line;
  return text.empty() ? "nothing" : text.c_str();
}
