// The part of Session that tells of what happens by itself: streams, the monitor, and what a slow client misses.
#include <utility>
#include <variant>

#include "agent/rpc/log_level.h"
#include "agent/rpc/session.h"
#include "base/overloaded.h"
#include "rpc/record_codec.h"

namespace gossip::agent::rpc {

std::string Session::open_stream(std::uint64_t seq, const gossip::rpc::StreamRequest& request) {
  std::optional<EventFilter> filter = EventFilter::parse(request.type);
  if (!filter) return "Invalid event filter";
  if (streams_.contains(seq)) return "Stream with given sequence exists";
  if (streams_.size() == kMaxStreams) {
    return "too many streams on one connection, the limit is " + std::to_string(kMaxStreams);
  }
  streams_.emplace(seq,
                   Stream{*std::move(filter), request.coalesce ? Feed::Coalesced : Feed::AtOnce,
                          request.answers ? Answers::Perhaps : Answers::Never});
  return {};
}

void Session::open_monitor(std::uint64_t seq, const gossip::rpc::MonitorRequest& request) {
  const std::optional<LogLevel> level = level_from(request.log_level);
  if (!level) {
    answer(seq, "Unknown log level: " + upper_case(request.log_level));
    return;
  }
  if (monitor_) {
    answer(seq, "Monitor already exists");
    return;
  }
  answer(seq, {});
  monitor_ = Monitor{seq, *level};
  for (const LogRecord& record : world_.log.lines())
    pass_on(record);
  world_.log.subscribe(*this);
  if (dropped_ > 0) report_drops();
}

void Session::stop(std::uint64_t seq) {
  if (monitor_ && monitor_->seq == seq) {
    world_.log.unsubscribe(*this);
    monitor_.reset();
  }
  streams_.erase(seq);
}

bool Session::published(const Event& event) {
  return pass_on(event, Feed::AtOnce);
}

bool Session::published_coalesced(const Event& event) {
  return pass_on(event, Feed::Coalesced);
}

bool Session::pass_on(const Event& event, Feed feed) {
  if (finished_) return false;
  const bool is_query = std::holds_alternative<Query>(event);
  bool may_be_answered = false;
  for (const auto& [seq, stream] : streams_) {
    const bool due = is_query ? feed == Feed::AtOnce : stream.feed == feed;
    if (!due || !stream.filter.wants(event)) continue;
    const bool sent = send_event(seq, event);
    may_be_answered |= sent && stream.answers == Answers::Perhaps;
  }
  if (dropped_ > 0) report_drops();
  return may_be_answered;
}

bool Session::send_event(std::uint64_t seq, const Event& event) {
  return std::visit(base::Overloaded{
                        [&](const MemberEvent& members) { return send_record(seq, members); },
                        [&](const UserEvent& user) { return send_record(seq, user); },
                        [&](const Query& query) {
                          return send_record(
                              seq, gossip::rpc::QueryEvent{questions_.add(query.token), query.time,
                                                           query.name, query.payload});
                        },
                    },
                    event);
}

void Session::logged(const LogRecord& record) {
  pass_on(record);
  if (dropped_ > 0) report_drops();
}

void Session::pass_on(const LogRecord& record) {
  if (finished_ || record.level < monitor_->level) return;
  send_record(monitor_->seq, gossip::rpc::LogLine{record.text});
}

bool Session::send_record(std::uint64_t seq, const gossip::rpc::Record& record) {
  Bytes bytes;
  gossip::rpc::encode_record(seq, record, bytes);
  // Whoever has read all gets any record, however large: thousands of members may join at once.
  const std::size_t unsent = peer_->unsent_bytes();
  if (unsent > 0 && unsent + bytes.size() > world_.settings.max_backlog_bytes) {
    ++dropped_;
    ++world_.counters.records_dropped;
    return false;
  }
  peer_->send(bytes);
  return true;
}

// At the first drop and when the client has caught up: a line for each record would be a second flood.
void Session::report_drops() {
  if (!std::exchange(slow_, true)) {
    world_.agent.log(LogLevel::Warn, "agent.ipc: Dropping events and logs to " + name_ +
                                         ", which reads too slowly");
  }
}

void Session::caught_up() {
  world_.agent.log(LogLevel::Warn, "agent.ipc: " + name_ + " reads again, it missed " +
                                       std::to_string(dropped_) + " events and logs");
  dropped_ = 0;
  slow_ = false;
}

}  // namespace gossip::agent::rpc
