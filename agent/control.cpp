#include "agent/control.h"

#include <utility>

#include "agent/stats.h"
#include "agent/system/tags_file.h"

namespace gossip::agent {

Control::Control(runtime::Host& host, Logging& log, const EventFeed& events, std::string tags_file,
                 Leave leave, Reload reload)
    : host_(host),
      log_(log),
      events_(events),
      tags_file_(std::move(tags_file)),
      leave_(std::move(leave)),
      reload_(std::move(reload)) {}

std::vector<Member> Control::members() const {
  return host_.engine().members();
}

const Tags& Control::tags() const {
  return host_.engine().tags();
}

Expected<void> Control::join(std::vector<std::string> addresses, Replay replay, JoinDone done) {
  return begin_join(addresses, replay, NobodyJoined::Warn, std::move(done));
}

Expected<void> Control::join_at_start(const std::vector<std::string>& addresses, Replay replay,
                                      JoinDone done) {
  return begin_join(addresses, replay, NobodyJoined::LeaveToDone, std::move(done));
}

Expected<void> Control::begin_join(const std::vector<std::string>& addresses, Replay replay,
                                   NobodyJoined nobody, JoinDone done) {
  std::string list;
  for (const std::string& address : addresses) {
    list += (list.empty() ? "" : " ") + address;
  }
  log_.write(LogLevel::Info, "agent: joining: [" + list +
                                 "] replay: " + (replay == Replay::DeliverOld ? "true" : "false"));
  return host_.join(
      addresses, replay, [this, nobody, done = std::move(done)](const JoinResult& result) {
        if (result.joined > 0) {
          log_.write(LogLevel::Info, "agent: joined: " + std::to_string(result.joined) + " nodes");
        }
        if (result.joined > 0 || nobody == NobodyJoined::Warn) warn_of(result.failures);
        done(result);
      });
}

void Control::warn_of(const std::vector<JoinFailure>& failures) {
  for (const JoinFailure& failure : failures) {
    log_.write(LogLevel::Warn, "agent: failed to join " + failure.address + ": " + failure.reason);
  }
}

Expected<void> Control::leave(LeaveDone done) {
  return leave_(std::move(done));
}

// The engine first: a set that it refuses must not be in the file at the next start.
Expected<void> Control::set_tags(Tags tags) {
  Tags before = this->tags();
  Expected<void> set = host_.set_tags(tags);
  if (!set || tags_file_.empty()) return set;
  Expected<void> written = write_tags_file(tags_file_, tags);
  if (!written) (void)host_.set_tags(std::move(before));
  return written;
}

Expected<void> Control::force_leave(std::string_view name, Prune prune) {
  log_.write(LogLevel::Info, "agent: Force leaving node: " + std::string(name));
  return host_.force_leave(name, prune);
}

Expected<void> Control::send_event(std::string_view name, ByteView payload, Coalesce coalesce) {
  log_.write(LogLevel::Debug, "agent: Requesting user event send: " + std::string(name));
  return host_.send_event(name, payload, coalesce);
}

Expected<QueryToken> Control::query(const QueryParams& params, Replied replied, QueryOver over) {
  log_.write(LogLevel::Debug, "agent: Requesting query send: " + params.name);
  return host_.query(params, {std::move(replied), std::move(over)});
}

Expected<void> Control::respond(QueryToken query, ByteView payload) {
  return host_.respond(query, payload);
}

Expected<void> Control::change_keys(const KeyCommand& command, KeysDone done) {
  return host_.change_keys(command, std::move(done));
}

std::optional<Coordinate> Control::coordinate(std::string_view name) const {
  return host_.engine().coordinate(name);
}

void Control::reload(ReloadDone done) {
  reload_(std::move(done));
}

gossip::rpc::SeedsResponse Control::seeds() const {
  return seeding_ == nullptr ? gossip::rpc::SeedsResponse{} : seeding_->report();
}

gossip::rpc::MetricsResponse Control::metrics() const {
  if (metrics_ == nullptr) return {};
  return {metrics_->families()};
}

gossip::rpc::StatsSections Control::stats() const {
  gossip::rpc::StatsSections sections = stats_sections(host_.engine());
  events_.add_stats(sections);
  return sections;
}

void Control::log(LogLevel level, std::string_view text) {
  log_.write(level, text);
}

}  // namespace gossip::agent
