// A query is put to a process once, gets at most one ack and one answer of each member, ends once, within its time, and
// nothing follows its end.
#include <map>
#include <set>
#include <utility>

#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

struct Asked {
  std::set<std::pair<QueryReplyKind, std::string>> replies;
  std::uint32_t answers = 0;
};

struct QueryView {
  std::set<std::string, std::less<>> put;  // by name, which is unique in a world
  std::map<QueryToken, Asked> open;        // ours
  std::set<QueryToken> over;
};

class Queries final : public Invariant {
 public:
  explicit Queries(std::uint32_t host_count) : views_(host_count) {}

  std::string_view promise() const override { return "a query gets at most one answer per member"; }

  std::optional<Violation> after(const Step& step) override {
    QueryView& view = views_.of(step);
    for (const Effect& effect : step.effects) {
      std::optional<Violation> broken;
      if (const auto* publish = std::get_if<Publish>(&effect)) {
        const auto* query = std::get_if<Query>(&publish->event);
        if (query != nullptr && !view.put.insert(query->name).second) {
          broken = query->name + " was put to it twice";
        }
      } else if (const auto* reply = std::get_if<QueryReply>(&effect)) {
        broken = take(view, *reply);
      } else if (const auto* done = std::get_if<QueryDone>(&effect)) {
        broken = take(view, *done);
      }
      if (broken) return who(step.host) + ": " + *broken;
    }
    return std::nullopt;
  }

 private:
  static std::optional<Violation> take(QueryView& view, const QueryReply& reply) {
    const std::string query = "query " + std::to_string(reply.query);
    if (view.over.contains(reply.query)) return query + " got a reply after its end";
    Asked& asked = view.open[reply.query];
    const bool is_answer = reply.kind == QueryReplyKind::Response;
    if (!asked.replies.insert({reply.kind, reply.from}).second) {
      return query + " got two " + (is_answer ? "answers" : "acks") + " from " + reply.from;
    }
    asked.answers += is_answer ? 1 : 0;
    return std::nullopt;
  }

  static std::optional<Violation> take(QueryView& view, const QueryDone& done) {
    const std::string query = "query " + std::to_string(done.query);
    if (!view.over.insert(done.query).second) return query + " ended twice";
    const auto open = view.open.find(done.query);
    const std::uint32_t answers = open == view.open.end() ? 0 : open->second.answers;
    if (open != view.open.end()) view.open.erase(open);
    // Members that have died since do not count any more, so there may be fewer.
    if (done.answered > answers) {
      return query + " counts " + std::to_string(done.answered) + " answers, and got " +
             std::to_string(answers);
    }
    return std::nullopt;
  }

  PerProcess<QueryView> views_;
};

}  // namespace

std::unique_ptr<Invariant> queries_get_one_answer(std::uint32_t host_count) {
  return std::make_unique<Queries>(host_count);
}

}  // namespace gossip::sim
