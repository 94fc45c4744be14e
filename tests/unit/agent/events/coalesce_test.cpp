#include "agent/events/coalesce.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimePoint at(milliseconds since_start) {
  return TimePoint(since_start);
}

MemberEvent members(MemberEventKind kind, std::initializer_list<const char*> names) {
  MemberEvent event{kind, {}};
  for (const char* name : names) {
    event.members.push_back({name, {}, {}, MemberStatus::Alive, {}});
  }
  return event;
}

UserEvent user(LamportTime time, const std::string& name, std::string_view payload = "") {
  const ByteView bytes = as_bytes(payload);
  return {time, name, Bytes(bytes.begin(), bytes.end()), Coalesce::Yes};
}

std::string to_text(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    if (!text.empty()) text += "; ";
    if (const auto* member = std::get_if<MemberEvent>(&event)) {
      text += to_string(member->kind);
      for (const Member& m : member->members)
        text += " " + m.name;
    }
    if (const auto* deploy = std::get_if<UserEvent>(&event)) {
      text +=
          deploy->name + "@" + std::to_string(deploy->time) + std::string(as_text(deploy->payload));
    }
  }
  return text;
}

// What comes out when nothing more goes in.
template <typename Coalescer>
std::string flushed(Coalescer& coalescer) {
  std::vector<Event> out;
  coalescer.flush(out);
  return to_text(out);
}

using enum MemberEventKind;

TEST_CASE("a batch goes out after a second of quiet") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  CHECK_FALSE(coalescer.next_deadline());
  coalescer.receive(at(seconds(10)), members(Join, {"a"}), out);
  coalescer.receive(at(milliseconds(10'900)), members(Join, {"b"}), out);
  CHECK(coalescer.next_deadline() == at(milliseconds(11'900)));
  coalescer.advance(at(milliseconds(11'899)), out);
  CHECK(out.empty());
  coalescer.advance(at(milliseconds(11'900)), out);
  CHECK(to_text(out) == "member-join a b");
  CHECK_FALSE(coalescer.next_deadline());
}

TEST_CASE("a batch that never becomes quiet goes out after three seconds") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  for (int i = 0; i < 6; ++i) {
    coalescer.receive(at(milliseconds(500 * i)), members(Update, {"a"}), out);
  }
  CHECK(out.empty());
  CHECK(coalescer.next_deadline() == at(seconds(3)));
  coalescer.receive(at(seconds(3)), members(Update, {"b"}), out);
  CHECK(to_text(out) == "member-update a");
  CHECK(coalescer.next_deadline() == at(seconds(4)));
}

TEST_CASE("of a member the last event of the batch counts, kinds come in a fixed order") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  const TimePoint now = at(seconds(1));
  coalescer.receive(now, members(Reap, {"dead"}), out);
  coalescer.receive(now, members(Failed, {"down"}), out);
  coalescer.receive(now, members(Join, {"foo", "new"}), out);
  coalescer.receive(now, members(Leave, {"foo", "bar"}), out);
  coalescer.receive(now, members(Update, {"zip"}), out);
  CHECK(out.empty());
  CHECK(flushed(coalescer) ==
        "member-join new; member-update zip; member-leave bar foo; member-failed down; member-reap "
        "dead");
}

TEST_CASE("what was sent last for a member is not sent again, but updates are") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  const TimePoint now = at(seconds(1));
  coalescer.receive(now, members(Join, {"a"}), out);
  CHECK(flushed(coalescer) == "member-join a");
  coalescer.receive(now, members(Failed, {"a"}), out);
  coalescer.receive(now, members(Join, {"a"}), out);
  CHECK(flushed(coalescer).empty());
  coalescer.receive(now, members(Update, {"a"}), out);
  CHECK(flushed(coalescer) == "member-update a");
  coalescer.receive(now, members(Update, {"a"}), out);
  CHECK(flushed(coalescer) == "member-update a");
  // An update lies between: Serf sends the join again, too.
  coalescer.receive(now, members(Join, {"a"}), out);
  CHECK(flushed(coalescer) == "member-join a");
}

TEST_CASE("who was reaped and comes back within a batch has not been away, who comes later has") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  const TimePoint now = at(seconds(1));
  coalescer.receive(now, members(Join, {"a"}), out);
  coalescer.receive(now, members(Failed, {"a"}), out);
  CHECK(flushed(coalescer) == "member-failed a");
  coalescer.receive(now, members(Reap, {"a"}), out);
  CHECK(flushed(coalescer) == "member-reap a");
  coalescer.receive(now, members(Join, {"a"}), out);
  CHECK(flushed(coalescer) == "member-join a");
  coalescer.receive(now, members(Failed, {"a"}), out);
  coalescer.receive(now, members(Reap, {"a"}), out);
  coalescer.receive(now, members(Join, {"a"}), out);
  CHECK(flushed(coalescer).empty());
}

TEST_CASE("a batch is empty after it went out") {
  // Serf's is not, and so it repeats old updates with every later batch.
  MemberCoalescer coalescer;
  std::vector<Event> out;
  coalescer.receive(at(seconds(1)), members(Update, {"a"}), out);
  CHECK(flushed(coalescer) == "member-update a");
  coalescer.receive(at(seconds(9)), members(Join, {"b"}), out);
  CHECK(flushed(coalescer) == "member-join b");
}

TEST_CASE("the member as it was in its last event is what goes out") {
  MemberCoalescer coalescer;
  std::vector<Event> out;
  MemberEvent event = members(Update, {"a"});
  coalescer.receive(at(seconds(1)), event, out);
  event.members.front().tags["role"] = "db";
  coalescer.receive(at(seconds(1)), event, out);
  coalescer.flush(out);
  CHECK(std::get<MemberEvent>(out.front()).members.front().tags.at("role") == "db");
}

TEST_CASE("of a user event's name only the newest ones of a batch are left") {
  UserCoalescer coalescer;
  std::vector<Event> out;
  const TimePoint now = at(seconds(1));
  coalescer.receive(now, user(2, "bar", "1"), out);
  coalescer.receive(now, user(1, "foo"), out);
  coalescer.receive(now, user(3, "foo", "n"), out);
  coalescer.receive(now, user(2, "foo"), out);
  coalescer.receive(now, user(2, "bar", "2"), out);
  CHECK(coalescer.next_deadline() == at(seconds(2)));
  coalescer.advance(at(seconds(2)), out);
  CHECK(to_text(out) == "bar@21; bar@22; foo@3n");
}

TEST_CASE("user events that were sent do not hold back older ones of the next batch") {
  UserCoalescer coalescer;
  std::vector<Event> out;
  coalescer.receive(at(seconds(1)), user(5, "foo"), out);
  CHECK(flushed(coalescer) == "foo@5");
  coalescer.receive(at(seconds(2)), user(4, "foo"), out);
  CHECK(flushed(coalescer) == "foo@4");
}

TEST_CASE("a batch of too many user events goes out early") {
  UserCoalescer coalescer;
  std::vector<Event> out;
  for (std::size_t i = 0; i < kMaxBatchedEvents; ++i) {
    coalescer.receive(at(seconds(1)), user(i, "e" + std::to_string(i)), out);
  }
  CHECK(out.empty());
  coalescer.receive(at(seconds(1)), user(9, "last"), out);
  CHECK(out.size() == kMaxBatchedEvents);
  CHECK(flushed(coalescer) == "last@9");
}

}  // namespace
}  // namespace gossip::agent
