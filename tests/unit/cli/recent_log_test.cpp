#include "cli/recent_log.h"

#include <vector>

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("who was not heard, was doubted or doubted us is counted by name, whatever the name is") {
  const Lines lines{
      "2026/11/29 02:30:31 [DEBUG] memberlist: Failed ping: b (timeout reached)",
      "2026/11/29 02:30:32 [DEBUG] memberlist: Failed ping: b (timeout reached)",
      "2026/11/29 02:30:32 [DEBUG] memberlist: Failed ping: b (timeout reached) (timeout reached)",
      "2026/11/29 02:30:33 [WARN] memberlist: Was able to connect to c but other probes failed, "
      "network may be misconfigured",
      "2026/11/29 02:30:34 [INFO] memberlist: Suspect a b has failed, no acks received",
      "2026/11/29 02:30:35 [WARN] memberlist: Refuting a suspect message (from: c)",
      "2026/11/29 02:30:36 [INFO] agent: joined: 1 nodes"};
  const RecentLog log = read_log(lines);
  CHECK(log.members.size() == 4);
  CHECK(log.members.at("b").pings_lost.count == 2);
  CHECK(log.members.at("b (timeout reached)").pings_lost.count == 1);
  CHECK(log.members.at("c").only_stream.count == 1);
  CHECK(log.members.at("c").suspects_us.count == 1);
  CHECK(log.members.at("a b").suspected.count == 1);
  CHECK(log.dropped.empty());
}

TEST_CASE("who joins anew is not judged by the life before, but for its failures") {
  const Lines lines{
      "2026/11/29 02:30:31 [DEBUG] memberlist: Failed ping: b c (timeout reached)",
      "2026/11/29 02:30:32 [INFO] memberlist: Suspect b c has failed, no acks received",
      "2026/11/29 02:30:36 [INFO] serf: EventMemberFailed: b c 10.0.0.2",
      "2026/11/29 02:30:40 [INFO] serf: EventMemberJoin: b c 10.0.0.2",
      "2026/11/29 02:30:40 [INFO] serf: EventMemberJoin: new 10.0.0.3"};
  const RecentLog log = read_log(lines);
  CHECK(log.members.size() == 1);
  const Doubts& doubts = log.members.at("b c");
  CHECK(doubts.pings_lost.count == 0);
  CHECK(doubts.suspected.count == 0);
  CHECK(doubts.failed.count == 1);
  CHECK(doubts.failed.last_ago == std::chrono::seconds(4));
}

TEST_CASE("what is older than ten minutes before the newest line does not count") {
  const Lines lines{"2026/11/29 02:20:30 [DEBUG] memberlist: Failed ping: old (timeout reached)",
                    "2026/11/29 02:20:31 [DEBUG] memberlist: Failed ping: b (timeout reached)",
                    "2026/11/29 02:30:31 [INFO] agent.ipc: Accepted client: x"};
  const RecentLog log = read_log(lines);
  CHECK(log.members.size() == 1);
  CHECK(log.members.contains("b"));
}

TEST_CASE("when it was is told as an age, of the first time and of the last") {
  const Lines lines{"2026/11/29 02:30:31 [DEBUG] memberlist: Failed ping: b (timeout reached)",
                    "2026/11/29 02:29:01 [DEBUG] memberlist: Failed ping: b (timeout reached)",
                    "2026/11/29 02:30:01 [DEBUG] memberlist: Failed ping: b (timeout reached)",
                    "memberlist: Failed ping: b (timeout reached)",
                    "2026/11/29 02:30:41 [INFO] agent.ipc: Accepted client: x"};
  const Sightings lost = read_log(lines).members.at("b").pings_lost;
  CHECK(lost.count == 4);
  CHECK(lost.first_ago == std::chrono::seconds(100));
  CHECK(lost.last_ago == std::chrono::seconds(10));
  const Sightings untimed = read_log(std::span(lines).subspan(3, 1)).members.at("b").pings_lost;
  CHECK(untimed.count == 1);
  CHECK_FALSE(untimed.last_ago);
}

TEST_CASE("keys, labels and versions of strangers are told once each, noise is not") {
  const std::string dropped = "2026/11/29 02:30:31 [WARN] memberlist: dropped input from ";
  const Lines lines{
      dropped + "10.0.0.9:7946: cannot be decrypted: compare the encryption keys of both members",
      dropped +
          "10.0.0.9:7946: cannot be decrypted: compare the encryption keys of both members (12 "
          "such since the last report)",
      dropped + "10.0.0.8:7946: carries the cluster label \"x\", this node has none",
      dropped + "10.0.0.7:7946: malformed", dropped + "10.0.0.7:7946: implausible"};
  const RecentLog log = read_log(lines);
  CHECK(log.dropped.size() == 2);
  const DroppedInput& key = log.dropped.at({"10.0.0.9", Mismatch::OtherKey});
  CHECK(key.from == "10.0.0.9");
  CHECK(key.why == "cannot be decrypted: compare the encryption keys of both members");
  CHECK(key.reports.count == 2);
}

TEST_CASE("a host is told of once for each kind, whatever the port, and by name where it has one") {
  const std::string dropped = " [WARN] memberlist: dropped input from ";
  const Lines lines{
      "2026/11/29 02:30:31" + dropped + "10.0.0.9:34636: carries the cluster label \"x\"",
      "2026/11/29 02:31:31" + dropped + "10.0.0.9:41470: carries the cluster label \"y\"",
      "2026/11/29 02:31:31" + dropped + "web: a (10.0.0.9:4): is not encrypted, but this node",
      "2026/11/29 02:31:32" + dropped + "[fd00::1]:4: is encrypted, and this node has no key",
      "2026/11/29 02:31:33" + dropped + "web-1: its protocol versions do not fit ours",
      "2026/11/29 02:31:41 [INFO] agent.ipc: Accepted client: x"};
  const RecentLog log = read_log(lines);
  CHECK(log.dropped.size() == 4);
  const DroppedInput& label = log.dropped.at({"10.0.0.9", Mismatch::Label});
  CHECK(label.why == "carries the cluster label \"y\"");
  CHECK(label.reports.count == 2);
  CHECK(label.reports.first_ago == std::chrono::seconds(70));
  CHECK(label.reports.last_ago == std::chrono::seconds(10));
  CHECK(log.dropped.at({"10.0.0.9", Mismatch::NotEncrypted}).from == "web: a (10.0.0.9)");
  CHECK(log.dropped.at({"fd00::1", Mismatch::NoKeyHere}).from == "fd00::1");
  CHECK(log.dropped.at({"web-1", Mismatch::Versions}).from == "web-1");
}

TEST_CASE("a lone attempt is forgotten after ten minutes, since whoever asks is logged, too") {
  const Lines lines{
      "2026/11/29 02:20:30 [WARN] memberlist: dropped input from 10.0.0.9:1: carries the label",
      "2026/11/29 02:30:31 [INFO] agent.ipc: Accepted client: x"};
  CHECK(read_log(lines).dropped.empty());
}

TEST_CASE("lines without a time count, and a log of nothing says nothing") {
  CHECK(read_log(Lines{"memberlist: Failed ping: b (timeout reached)"}).members.contains("b"));
  CHECK(read_log({}).members.empty());
}

}  // namespace
}  // namespace gossip::cli
