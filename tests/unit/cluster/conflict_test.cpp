#include "cluster/conflict.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

const Address kOther{IpAddress::v4({192, 0, 2, 77}), 7000};

TEST_CASE("another's name that two claim is a warning, once a minute") {
  Scene scene;
  const members::Index q = scene.join("q");
  scene.logged();
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged() == Lines{"error memberlist: Conflicting address for q. Mine: 192.0.2.2:7946 "
                                "Theirs: 192.0.2.77:7000 Old state: alive",
                                "warn serf: Name conflict for 'q' both 192.0.2.2:7946 and "
                                "192.0.2.77:7000 are claiming"});
  scene.now += std::chrono::seconds(59);
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged().empty());
  scene.now += std::chrono::seconds(1);
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged().size() == 2);
}

TEST_CASE("names beyond the limit are not said until others have rested") {
  Scene scene;
  const auto contest = [&](const std::string& name) {
    scene.cluster.node_conflict(scene.now, scene.join(name), kOther, scene.out);
  };
  for (std::size_t i = 0; i < ConflictNotices::kMaxNames; ++i)
    contest("n" + std::to_string(i));
  scene.logged();
  contest("last");
  CHECK(scene.logged() == Lines{"info serf: EventMemberJoin: last 192.0.2.2"});
  scene.now += ConflictNotices::kRest;
  scene.cluster.node_conflict(scene.now, scene.table.find("last").value(), kOther, scene.out);
  CHECK(scene.logged().size() == 2);
}

TEST_CASE("a vote that nobody answers is counted, and stops nobody") {
  Scene scene;
  scene.join("q");
  scene.cluster.name_contested(scene.now, scene.out);
  CHECK(scene.counters.open_votes == 0);
  scene.pass(std::chrono::minutes(1));
  CHECK(scene.counters.open_votes == 1);
  CHECK(scene.status("me").starts_with("alive"));
}

TEST_CASE("our own name that another claims is an error") {
  Scene scene;
  scene.cluster.node_conflict(scene.now, scene.table.find("me").value(), kOther, scene.out);
  CHECK(scene.logged() ==
        Lines{"error memberlist: Conflicting address for me. Mine: 192.0.2.1:7946 "
              "Theirs: 192.0.2.77:7000 Old state: alive",
              "error serf: Node name conflicts with another node at 192.0.2.77:7000. "
              "Names must be unique! (Resolution enabled: true)"});
}

TEST_CASE("without a vote the line says so") {
  Config config;
  config.name_conflict = NameConflict::LogOnly;
  Scene scene(config);
  scene.cluster.node_conflict(scene.now, scene.table.find("me").value(), kOther, scene.out);
  CHECK(scene.logged().back().ends_with("(Resolution enabled: false)"));
}

// A vote of `electorate` others about the name of the member at kOurs.
const Address kOurs{IpAddress::v4({192, 0, 2, 1}), 7946};

struct Ballot {
  explicit Ballot(std::size_t electorate) { vote.begin({}, 1, electorate, kOurs); }

  void answer(ByteView payload) {
    vote.receive({.query = 1,
                  .kind = QueryReplyKind::Response,
                  .from = "voter " + std::to_string(++voters),
                  .payload = {payload.begin(), payload.end()}});
  }
  void answer(const Address& where, MemberStatus status = MemberStatus::Alive) {
    answer(wire::encode(wire::ConflictResponse{.name = "me",
                                               .address = where.ip.bytes(),
                                               .port = where.port,
                                               .tags = {},
                                               .status = static_cast<std::int64_t>(status),
                                               .versions = {}}));
  }
  // The log line, and "stop: …" if we must.
  Lines finish() {
    Outputs out;
    vote.finish(out);
    Lines lines;
    for (const Output& output : out) {
      if (const auto* log = std::get_if<Log>(&output)) lines.push_back(log->text);
      if (const auto* stop = std::get_if<Stop>(&output)) lines.push_back("stop: " + stop->who);
    }
    return lines;
  }

  NameVote vote;
  int voters = 0;
};

TEST_CASE("a majority of the living members that knows another ends us") {
  Ballot ballot(3);
  ballot.answer(kOther);
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Open);
  ballot.answer(kOurs);
  ballot.answer(kOther);
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Lost);
  CHECK(ballot.finish() == Lines{"serf: minority in name conflict resolution, quitting [1 / 3]",
                                 "stop: 192.0.2.77:7000"});
}

TEST_CASE("who dies during the vote is no elector any more") {
  Ballot ballot(2);
  ballot.answer(kOther);
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Open);
  const auto everybody = [](std::string_view) { return true; };
  ballot.vote.shrink_to(1, everybody);
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Lost);
  ballot.vote.shrink_to(7, everybody);  // who joins has not been asked
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Lost);
}

TEST_CASE("what the dead have said does not count") {
  Ballot ballot(3);
  ballot.answer(kOther);
  ballot.vote.shrink_to(1, [](std::string_view name) { return name != "voter 1"; });
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Open);
  CHECK(ballot.finish().size() == 1);
}

TEST_CASE("a majority that knows us is said, in either form of our address") {
  Ballot ballot(2);
  ballot.answer(kOurs);
  ballot.answer(Address{kOurs.ip.longest(), kOurs.port});
  CHECK(ballot.vote.verdict() == NameVote::Verdict::Ours);
  CHECK(ballot.finish() == Lines{"serf: majority in name conflict resolution [2 / 2]"});
}

TEST_CASE("no answers, or too few, stop nobody") {
  Ballot silent(2);
  CHECK(silent.finish() ==
        Lines{"serf: no majority in name conflict resolution, keeping the name [0 / 0]: 0 of 2 "
              "living members know another"});
  Ballot half(4);
  half.answer(kOther);
  half.answer(kOther);
  CHECK(half.vote.verdict() == NameVote::Verdict::Open);
  CHECK(half.finish().size() == 1);
  Ballot alone(0);
  CHECK(alone.finish().size() == 1);
}

TEST_CASE("who knows nobody of that name, or only a dead one, does not vote against us") {
  Ballot ballot(3);
  ballot.answer(kOther, MemberStatus::Failed);
  ballot.answer(kOther, MemberStatus::Left);
  ballot.answer(wire::encode(wire::ConflictAnswer{}));
  CHECK(ballot.finish() ==
        Lines{"serf: no majority in name conflict resolution, keeping the name [0 / 3]: 0 of 3 "
              "living members know another"});
}

TEST_CASE("answers that cannot be read are none") {
  Ballot ballot(1);
  ballot.answer(ByteView());
  ballot.answer(Bytes{8, 0xc0});
  ballot.answer(Bytes{6, 0x93});
  ballot.vote.receive({.query = 2, .kind = QueryReplyKind::Response, .from = "x", .payload = {6}});
  CHECK(ballot.finish() ==
        Lines{"serf: no majority in name conflict resolution, keeping the name [0 / 0]: 0 of 1 "
              "living members know another"});
}

TEST_CASE("one vote at a time, and one a minute") {
  Ballot ballot(1);
  CHECK_FALSE(ballot.vote.is_due(TimePoint{} + std::chrono::hours(1)));
  (void)ballot.finish();
  CHECK_FALSE(ballot.vote.is_due(TimePoint{} + std::chrono::seconds(59)));
  CHECK(ballot.vote.is_due(TimePoint{} + NameVote::kRest));
}

}  // namespace
}  // namespace gossip::cluster
