// A handler that writes down what it is told, and lets a test wait for it from another thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/node.h"

namespace gossip::e2e {

class Watcher final : public MembershipHandler {
 public:
  void member_join(const Member& member) override { note("join " + member.name, member); }
  void member_leave(const Member& member, LeaveReason reason) override {
    note((reason == LeaveReason::Left ? "left " : "failed ") + member.name, member);
  }
  void member_update(const Member& member) override { note("update " + member.name, member); }
  void user_event(const UserEvent& event) override {
    note("event " + event.name + " " + std::string(as_text(event.payload)), {});
  }
  QueryAnswer query(const Query& query) override {
    note("query " + query.name + " " + std::string(as_text(query.payload)), {});
    return on_query ? on_query(query) : QueryAnswer(NoAnswer{});
  }
  void stopped(const Error& why) override { note("stopped: " + why.message, {}); }
  void log(LogLevel level, std::string_view line) override {
    const std::lock_guard guard(lock_);
    if (level >= LogLevel::Warn) warnings_.emplace_back(line);
  }

  // Called on the loop's thread after each note, without a lock.
  std::function<void(const std::string& note, const Member& member)> on_note;
  // What is made of a query, on the same thread. Set before the node starts.
  std::function<QueryAnswer(const Query&)> on_query;

  // Waits until `note` was written `times` times; false after half a minute.
  bool wait_for(const std::string& note, int times = 1) {
    return wait([&] {
      int seen = 0;
      for (const std::string& each : notes_) {
        seen += each == note ? 1 : 0;
      }
      return seen >= times;
    });
  }
  bool wait_for_start(const std::string& beginning) {
    return wait([&] {
      for (const std::string& each : notes_) {
        if (each.starts_with(beginning)) return true;
      }
      return false;
    });
  }
  std::vector<std::string> notes() const {
    const std::lock_guard guard(lock_);
    return notes_;
  }
  std::vector<std::string> warnings() const {
    const std::lock_guard guard(lock_);
    return warnings_;
  }
  std::string all() const {
    std::string text;
    for (const std::string& each : notes()) {
      text += each + "\n";
    }
    return text;
  }

 private:
  void note(const std::string& text, const Member& member) {
    {
      const std::lock_guard guard(lock_);
      notes_.push_back(text);
    }
    changed_.notify_all();
    if (on_note) on_note(text, member);
  }
  bool wait(const std::function<bool()>& done) {
    std::unique_lock guard(lock_);
    return changed_.wait_for(guard, std::chrono::seconds(30), done);
  }

  mutable std::mutex lock_;
  std::condition_variable changed_;
  std::vector<std::string> notes_;
  std::vector<std::string> warnings_;
};

}  // namespace gossip::e2e
