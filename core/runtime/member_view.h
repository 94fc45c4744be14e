// The members as a handler knows them: turns Serf's member events into joins and leaves that alternate, and
// keeps the copy that other threads read. A copy, because a thread that waited for the loop while it holds a
// lock of its own would hang as soon as the handler takes that lock.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/engine.h"
#include "gossip/event.h"
#include "gossip/member.h"
#include "gossip/time.h"

namespace gossip::runtime {

class MemberView {
 public:
  // What a handler is to be told of one member.
  enum class News : std::uint8_t { Nothing, Joined, Left, Failed, Updated };

  // Begins with ourselves alone. From the loop's thread, as all but `members` and `local`.
  void begin(Member local);
  // Before the handler is called, so that every thread already sees what it is told.
  [[nodiscard]] News apply(MemberEventKind kind, const Member& member);
  // Takes what changes without an event (`leaving` is the only such status) from the engine, if anything may
  // have: copying many members at every intent would cost too much, so it may take a tenth of the time.
  void refresh(TimePoint now, const Engine& engine);
  // Read by others before the loop has taken it over.
  void set_local_tags(const Tags& tags);

  // From any thread. Sorted by name, ourselves included.
  [[nodiscard]] std::vector<Member> members() const;
  [[nodiscard]] Member local() const;

 private:
  struct Known {
    Member member;
    bool is_told = false;  // the last news was that it is there
  };

  mutable std::mutex lock_;  // guards members_; held for a copy, never while a handler is called
  std::map<std::string, Known, std::less<>> members_;
  std::string local_name_;
  LamportTime seen_time_ = 0;
  TimePoint next_refresh_;
};

}  // namespace gossip::runtime
