#include "swim/delivery.h"

#include <algorithm>
#include <utility>

#include "wire/swim_codec.h"

namespace gossip::swim {

void Delivery::begin(TimePoint now, std::vector<Bytes> news, Outputs& out) {
  news_ = std::move(news);
  ask(now, out);
}

bool Delivery::receive(const wire::Ack& ack, Outputs& out) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const Asked& one) { return one.sequence == ack.sequence; });
  if (asked == asked_.end()) return false;
  if (std::find(acked_.begin(), acked_.end(), asked->member) == acked_.end()) {
    acked_.push_back(asked->member);
  }
  asked_.erase(asked);
  if (is_over()) finish(out);
  return true;
}

void Delivery::ask(TimePoint now, Outputs& out) {
  if (news_.empty()) return;
  if (is_over()) return finish(out);
  for (const members::Index member : waiting(kEnough - acked_.size())) {
    const members::Record& record = layer_.table.at(member);
    if (asked_.size() == kMaxAsked) asked_.pop_front();
    asked_.push_back({.sequence = ++layer_.last_sequence, .member = member});
    const wire::Ping ping{
        .sequence = asked_.back().sequence, .node = record.name.view(), .source = self_.source()};
    Send send{
        .to = record.address(), .messages = {}, .piggyback = Piggyback::None, .member = member};
    send.messages.push_back(wire::encode(ping));
    send.messages.insert(send.messages.end(), news_.begin(), news_.end());
    out.emplace_back(std::move(send));
  }
  layer_.timers.arm(now + layer_.config.timing.gossip_interval, Timer{Timer::Kind::Delivery, 0});
}

// Those that are lost without our knowledge must not be asked for ever in place of others: any may be drawn. Who is
// suspected is not waited for where somebody else has the news, and hears it from the others.
std::vector<members::Index> Delivery::waiting(std::size_t count) const {
  return layer_.peers.pick(count, [&](members::Index node, const members::Record& record) {
    const bool counts =
        acked_.empty() ? record.is_live() : record.state == members::SwimState::Alive;
    return node != self_.index() && counts &&
           std::find(acked_.begin(), acked_.end(), node) == acked_.end();
  });
}

bool Delivery::is_over() const {
  return !news_.empty() && (acked_.size() >= kEnough || waiting(1).empty());
}

void Delivery::finish(Outputs& out) {
  news_.clear();
  asked_.clear();
  layer_.cancel(Timer{Timer::Kind::Delivery, 0});
  out.emplace_back(Departed{});
}

}  // namespace gossip::swim
