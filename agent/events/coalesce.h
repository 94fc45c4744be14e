// Gathers events that come in bursts into batches, as Serf's agent does for its handlers and streams
// (rpc.md §6.2): a batch goes out when nothing was added for a second, or three seconds after its first event.
// Pure state machines: time comes in, deadlines go out.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gossip/event.h"
#include "gossip/time.h"

namespace gossip::agent {

inline constexpr Duration kLongestBatch = std::chrono::seconds(3);
inline constexpr Duration kQuietBeforeFlush = std::chrono::seconds(1);
// User events of one batch; the next one sends it out early. Beside memory this bounds the burst that
// subscribers get at once.
inline constexpr std::size_t kMaxBatchedEvents = 1024;

// When the batch that is being gathered is over.
class BatchWindow {
 public:
  void added(TimePoint now);
  void close() { first_.reset(); }
  [[nodiscard]] std::optional<TimePoint> deadline() const;

 private:
  std::optional<TimePoint> first_;
  TimePoint last_;
};

// One event of each kind that is left, in the order join, update, leave, failed, reap, members sorted by
// name. Of a member only the last kind counts, and that is dropped if it was the last one sent for this member
// before, unless it is an update.
class MemberCoalescer {
 public:
  // Events whose batch was over by `now` come first in `out`.
  void receive(TimePoint now, const MemberEvent& event, std::vector<Event>& out);
  void advance(TimePoint now, std::vector<Event>& out);
  void flush(std::vector<Event>& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return window_.deadline(); }

 private:
  struct Changes {
    MemberEventKind first = MemberEventKind::Join;
    MemberEventKind last = MemberEventKind::Join;
    Member member;  // as it was in the last one
  };

  [[nodiscard]] std::optional<MemberEventKind> sent_before(const std::string& name,
                                                           const Changes& changes) const;

  BatchWindow window_;
  std::map<std::string, Changes> batch_;
  // The last event sent of each member for which that was no join: of many members little is kept. A reaped one is
  // forgotten.
  std::map<std::string, MemberEventKind> sent_;
};

// Of each name the events with the highest Lamport time of the batch, sorted by that time. Only for events whose
// sender allows it.
class UserCoalescer {
 public:
  void receive(TimePoint now, const UserEvent& event, std::vector<Event>& out);
  void advance(TimePoint now, std::vector<Event>& out);
  void flush(std::vector<Event>& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return window_.deadline(); }

 private:
  BatchWindow window_;
  std::map<std::string, std::vector<UserEvent>> batch_;
  std::size_t count_ = 0;
};

}  // namespace gossip::agent
