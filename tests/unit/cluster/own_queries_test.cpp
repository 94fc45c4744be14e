#include "cluster/own_queries.h"

#include <chrono>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "unit/cluster/scene.h"
#include "unit/test_data.h"

namespace gossip::cluster {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::uint32_t kAck = wire::kResponseIsAck;
constexpr std::uint32_t kNoAnswer = wire::kResponseIsAck | wire::kResponseNoAnswer;

// A question of ours to everybody, ourselves included, and what others say to it.
class Question {
 public:
  explicit Question(Scene& scene, QueryParams params = wanted()) : scene_(&scene) {
    scene.said();
    REQUIRE(scene.cluster.send_query(scene.now, params, scene.out));
    for (const Output& output : scene.out) {
      const auto* broadcast = std::get_if<Broadcast>(&output);
      if (broadcast != nullptr) message_ = broadcast->message;
      const auto* published = std::get_if<Published>(&output);
      if (published != nullptr) token_ = std::get<Query>(published->event).token;
    }
    query_ = wire::decode_query(ByteView(message_).subspan(1)).value();
    scene.said();
    scene.logged();
  }

  static QueryParams wanted() {
    QueryParams params;
    params.name = "uptime";
    params.acks = Acks::Wanted;
    params.timeout = hours(1);
    return params;
  }

  Verdict reply(std::string_view from, std::uint32_t flags, std::string_view payload = {}) {
    wire::QueryResponse response;
    response.time = query_.time;
    response.id = query_.id;
    response.from = from;
    response.flags = flags;
    response.payload = as_bytes(payload);
    const Verdict verdict = scene_->receive(wire::encode(response));
    scene_->pass({});  // the end of the turn
    return verdict;
  }
  void answer_myself() {
    CHECK(scene_->cluster.respond(scene_->now, token_, as_bytes("mine"), scene_->out));
  }
  [[nodiscard]] const Bytes& message() const { return message_; }

 private:
  Scene* scene_;
  Bytes message_;
  wire::QueryMessage query_;
  QueryToken token_ = 0;
};

TEST_CASE("without a timeout a query takes as long as upstream's") {
  std::ifstream file(test_data("vectors/query-timeouts.json"));
  int rows = 0;
  for (const nlohmann::json& row : nlohmann::json::parse(file)) {
    CAPTURE(row);
    const Duration interval(row.at("gossip_interval_ns").get<std::int64_t>());
    REQUIRE(row.at("query_timeout_mult") == 16);
    CHECK(default_query_timeout(interval, row.at("members_not_dead")).count() ==
          row.at("timeout_ns").get<std::int64_t>());
    ++rows;
  }
  CHECK(rows > 40);
}

TEST_CASE("the first ack and the first answer of each member are told, the rest is counted") {
  Scene scene;
  scene.join("q");
  scene.join("r");
  Question question(scene);
  CHECK(question.reply("q", kAck) == Verdict::Taken);
  CHECK(question.reply("q", kAck) == Verdict::Old);
  CHECK(question.reply("q", 0, "up") == Verdict::Taken);
  CHECK(question.reply("q", 0, "down") == Verdict::Old);
  CHECK(scene.said() == Lines{"heard ack of q", "heard ack of me", "heard q:up"});
  CHECK(scene.counters.query_acks == 2);
  CHECK(scene.counters.query_responses == 1);
  CHECK(scene.counters.query_duplicates == 2);
  CHECK(scene.counters.query_duplicate_acks == 1);
}

TEST_CASE("who acks and says later that no answer will follow has acked once") {
  Scene scene;
  scene.join("q");
  Question question(scene);
  question.answer_myself();
  question.reply("q", kAck);
  CHECK(scene.said() == Lines{"heard ack of me", "heard me:mine", "heard ack of q"});
  CHECK(question.reply("q", kNoAnswer) == Verdict::Taken);
  CHECK(scene.said() == Lines{"complete 2/1/1"});
  CHECK(scene.counters.query_acks == 2);
}

TEST_CASE("an answer of one that has declined counts as an answer") {
  Scene scene;
  scene.join("q");
  scene.join("r");
  Question question(scene);
  question.answer_myself();
  question.reply("q", kNoAnswer);
  question.reply("q", 0, "after all");
  question.reply("r", 0, "up");
  CHECK(scene.said() == Lines{"heard ack of me", "heard me:mine", "heard ack of q",
                              "heard q:after all", "heard r:up", "complete 3/3/0"});
}

TEST_CASE("acks that nobody wanted are neither told nor believed") {
  Scene scene;
  scene.join("q");
  QueryParams params = Question::wanted();
  params.acks = Acks::None;
  Question question(scene, params);
  question.answer_myself();
  CHECK(question.reply("q", kNoAnswer) == Verdict::Old);
  CHECK(scene.said() == Lines{"heard me:mine"});
  question.reply("q", 0, "up");
  CHECK(scene.said() == Lines{"heard q:up", "complete 2/2/0"});
}

TEST_CASE("a member that dies is waited for no longer, unless it has had its say") {
  Scene scene;
  for (const char* name : {"q", "r", "s"})
    scene.join(name);
  Question question(scene);
  question.answer_myself();
  question.reply("q", 0, "up");
  scene.gone("q");
  question.reply("r", kAck);
  scene.gone("r");
  scene.said();
  scene.gone("s");
  CHECK(scene.said() == Lines{"member-failed s (failed)", "complete 2/2/0"});
}

TEST_CASE("a dead member whose answer comes all the same has answered") {
  Scene scene;
  for (const char* name : {"q", "r"})
    scene.join(name);
  Question question(scene);
  question.answer_myself();
  scene.gone("q");
  question.reply("q", 0, "last words");
  scene.said();
  scene.gone("r");
  CHECK(scene.said() == Lines{"member-failed r (failed)", "complete 2/2/0"});
}

TEST_CASE("at the end of its time a query names the silent, an ack alone is silence") {
  Scene scene;
  for (const char* name : {"q", "r", "s"})
    scene.join(name);
  QueryParams params = Question::wanted();
  params.timeout = std::chrono::seconds(2);
  Question question(scene, params);
  question.answer_myself();
  question.reply("s", kAck);
  question.reply("q", 0, "up");
  scene.said();
  scene.pass(params.timeout - milliseconds(1));
  CHECK(scene.said() == Lines{"192.0.2.3:7946 << query uptime 1"});  // r is asked again
  scene.pass(milliseconds(1));
  CHECK(scene.said() == Lines{"timed out 4/2/0 r s"});
  // What comes now is late, told once to whoever looks at the log.
  CHECK(question.reply("r", kAck) == Verdict::Old);
  CHECK(question.reply("r", kAck) == Verdict::Old);
  CHECK(scene.logged() ==
        Lines{"debug serf: late ack from 'r' to query 'uptime', which is over (LTime: 1)"});
  CHECK(scene.counters.query_late_replies == 1);
  CHECK(scene.counters.query_duplicates == 1);
  CHECK(scene.counters.query_duplicate_acks == 1);
}

TEST_CASE("a ping of all is over when all have acked") {
  Scene scene;
  scene.join("q");
  QueryParams params = Question::wanted();
  params.name = "_serf_ping";
  Question question(scene, params);
  question.reply("q", kAck);
  CHECK(scene.said() == Lines{"heard ack of q", "heard ack of me", "complete 2/2/0"});
}

TEST_CASE("a query that wants the full time takes it") {
  Scene scene;
  QueryParams params = Question::wanted();
  params.wait = QueryWait::FullTime;
  params.timeout = std::chrono::seconds(2);
  Question question(scene, params);
  question.answer_myself();
  scene.pass(params.timeout - milliseconds(1));
  CHECK(scene.said() == Lines{"heard ack of me", "heard me:mine"});
  scene.pass(milliseconds(1));
  CHECK(scene.said() == Lines{"complete 1/1/0"});
}

TEST_CASE("a query that is to settle is over so long after all have had their say") {
  Scene scene;
  scene.join("q");
  scene.join("r");
  QueryParams params = Question::wanted();
  params.settle = milliseconds(500);
  Question question(scene, params);
  question.answer_myself();
  question.reply("q", 0, "up");
  scene.pass(milliseconds(100));
  CHECK(scene.said() == Lines{"heard ack of me", "heard me:mine", "heard q:up"});
  question.reply("r", kNoAnswer);
  scene.pass(milliseconds(300));
  question.reply("stranger", 0, "me too");
  scene.pass(milliseconds(199));
  CHECK(scene.said() == Lines{"heard ack of r", "heard stranger:me too"});
  scene.pass(milliseconds(1));
  CHECK(scene.said() == Lines{"complete 3/2/1"});
  CHECK(scene.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("a query settles no longer than its timeout") {
  Scene scene;
  QueryParams params = Question::wanted();
  params.settle = milliseconds(500);
  params.timeout = milliseconds(200);
  Question question(scene, params);
  question.answer_myself();
  scene.pass(milliseconds(200));
  CHECK(scene.said() == Lines{"heard ack of me", "heard me:mine", "complete 1/1/0"});
}

TEST_CASE("after two ticks the silent are asked again, each once, so many at a time") {
  Scene scene;
  for (int i = 0; i < 100; ++i)
    scene.join("m" + std::to_string(i));
  const Duration tick = scene.config.timing.gossip_interval;
  Question question(scene);
  question.reply("m0", kAck);
  question.reply("m1", 0, "up");
  scene.said();
  scene.pass(2 * tick - milliseconds(1));
  CHECK(scene.said().empty());
  scene.pass(milliseconds(1));
  const auto repeats = [&scene] {
    std::size_t count = 0;
    for (const Output& output : scene.out) {
      const auto* send = std::get_if<SendDirect>(&output);
      if (send == nullptr) continue;
      const auto again = wire::decode_query(ByteView(send->message).subspan(1)).value();
      CHECK((again.flags & wire::kQueryNoBroadcast) != 0);
      ++count;
    }
    scene.said();
    return count;
  };
  CHECK(repeats() == OwnQueries::kMaxAskedAgainAtOnce);
  scene.pass(tick);
  CHECK(repeats() == 98 - OwnQueries::kMaxAskedAgainAtOnce);
  scene.pass(10 * tick);
  CHECK(repeats() == 0);
  CHECK(scene.counters.queries_asked_again == 98);
}

TEST_CASE("nobody is asked again where no acks are wanted") {
  Scene scene;
  scene.join("q");
  QueryParams params = Question::wanted();
  params.acks = Acks::None;
  const Question question(scene, params);
  scene.pass(std::chrono::seconds(10));
  CHECK(scene.said().empty());
}

TEST_CASE("answers of members that were not expected count, up to a limit") {
  Scene scene;
  scene.join("q");
  Question question(scene);
  CHECK(question.reply("newcomer", 0, "here, too") == Verdict::Taken);
  CHECK(scene.said() == Lines{"heard newcomer:here, too", "heard ack of me"});
  for (std::size_t i = 1; i < OwnQueries::kMaxStrangers; ++i)
    question.reply("n" + std::to_string(i), kAck);
  CHECK(question.reply("one too many", kAck) == Verdict::Old);
  CHECK(question.reply(std::string(kMaxNameBytes + 1, 'x'), kAck) == Verdict::Old);
  CHECK(scene.drops(Drop::TableFull) == 2);
}

TEST_CASE("so many queries run at once, and one that is over makes room") {
  Scene scene;
  QueryParams params = Question::wanted();
  for (std::size_t i = 0; i < OwnQueries::kMaxRunning; ++i) {
    params.timeout = i == 0 ? Duration(std::chrono::seconds(1)) : Duration(hours(1));
    CHECK(scene.cluster.send_query(scene.now, params, scene.out));
  }
  CHECK(scene.cluster.send_query(scene.now, params, scene.out).error().code ==
        ErrorCode::LimitReached);
  scene.pass(std::chrono::seconds(1));
  CHECK(scene.cluster.send_query(scene.now, params, scene.out));
}

TEST_CASE("what may not be asked is refused in Serf's words") {
  Scene scene;
  const auto refusal = [&scene](const QueryParams& params) {
    return scene.cluster.send_query(scene.now, params, scene.out).error();
  };
  QueryParams params = Question::wanted();
  params.name = "_serf_list-keys";
  CHECK(refusal(params).message == "Queries cannot contain the '_serf_' prefix");
  params.name = "_serf_ping";
  params.payload = {1};
  CHECK(refusal(params).message == "Queries cannot contain the '_serf_' prefix");
  params = Question::wanted();
  params.payload = Bytes(1024, 'x');
  CHECK(refusal(params).message == "query exceeds limit of 1024 bytes");
  CHECK(refusal(params).code == ErrorCode::TooLarge);
  params = Question::wanted();
  params.relay_factor = kMaxRelayFactor + 1;
  CHECK(refusal(params).message == "a relay factor is at most 5, not 6");
  params = Question::wanted();
  params.tags = {{"role", "(?<"}};
  CHECK(refusal(params).message.starts_with("bad pattern for tag 'role': "));
  CHECK(scene.said().empty());

  Config old;
  old.protocol = 3;
  Scene before_queries(old);
  CHECK(
      before_queries.cluster.send_query(before_queries.now, Question::wanted(), before_queries.out)
          .error()
          .code == ErrorCode::WrongState);
}

TEST_CASE("timeouts are bounded, here and where others ask") {
  Scene scene;
  scene.join("q");
  QueryParams params = Question::wanted();
  params.timeout = -std::chrono::seconds(5);
  Question over_at_once(scene, params);
  scene.pass({});
  CHECK(scene.said() == Lines{"heard ack of me", "timed out 2/0/0 me q"});
  params.timeout = hours(24 * 365);
  const Question long_one(scene, params);
  scene.pass(hours(24));
  CHECK(scene.said().back() == "timed out 2/0/0 me q");
}

}  // namespace
}  // namespace gossip::cluster
