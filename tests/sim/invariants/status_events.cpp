// A status moves only along the state machine of members (gossip-wire §8.4), as the events tell it, and after each turn
// the events have told all that can be seen.
#include <cstddef>

#include "sim/directory.h"
#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

// What the events of a process have said of a member.
enum class Told : std::uint8_t { Nothing, Alive, Left, Failed };

Told told_by(MemberStatus status) {
  switch (status) {
    case MemberStatus::None: return Told::Nothing;
    case MemberStatus::Alive:
    case MemberStatus::Leaving: return Told::Alive;  // a leave is told when it is over
    case MemberStatus::Left: return Told::Left;
    case MemberStatus::Failed: return Told::Failed;
  }
  return Told::Nothing;
}

std::string_view name_of(Told told) {
  switch (told) {
    case Told::Nothing: return "no member";
    case Told::Alive: return "alive";
    case Told::Left: return "left";
    case Told::Failed: return "failed";
  }
  return "?";
}

// Where an event leads from there; nothing where it must not come.
std::optional<Told> next(Told now, MemberEventKind kind) {
  switch (kind) {
    case MemberEventKind::Join:
      return now == Told::Alive ? std::nullopt : std::optional(Told::Alive);
    case MemberEventKind::Leave:
      return now == Told::Alive || now == Told::Failed ? std::optional(Told::Left) : std::nullopt;
    case MemberEventKind::Failed:
      return now == Told::Alive ? std::optional(Told::Failed) : std::nullopt;
    case MemberEventKind::Update:
      return now == Told::Alive ? std::optional(Told::Alive) : std::nullopt;
    case MemberEventKind::Reap:
      return now == Told::Left || now == Told::Failed ? std::optional(Told::Nothing) : std::nullopt;
  }
  return std::nullopt;
}

using Tellings = std::vector<Told>;

class StatusEvents final : public Invariant {
 public:
  explicit StatusEvents(std::uint32_t host_count) : host_count_(host_count), views_(host_count) {}

  std::string_view promise() const override {
    return "a status moves only along the state machine, and events tell it";
  }

  std::optional<Violation> after(const Step& step) override {
    if (step.kind == StepKind::Ended) return std::nullopt;
    Tellings& view = views_.of(step);
    view.resize(host_count_);
    for (const Effect& effect : step.effects) {
      const auto* publish = std::get_if<Publish>(&effect);
      const auto* event = publish == nullptr ? nullptr : std::get_if<MemberEvent>(&publish->event);
      if (event == nullptr) continue;
      for (const Member& member : event->members) {
        if (std::optional<Violation> broken = follow(step, view, event->kind, member))
          return broken;
      }
    }
    return compare(step, view);
  }

 private:
  static std::optional<Violation> follow(const Step& step, Tellings& view, MemberEventKind kind,
                                         const Member& member) {
    const HostId subject = host_named(member.name);
    if (subject >= view.size()) {
      return who(step.host) + " tells of a member \"" + member.name + "\" that no host is";
    }
    const std::optional<Told> after = next(view[subject], kind);
    if (!after) {
      return who(step.host) + " tells a " + std::string(to_string(kind)) + " of " + member.name +
             ", which was " + std::string(name_of(view[subject]));
    }
    view[subject] = *after;
    return std::nullopt;
  }

  std::optional<Violation> compare(const Step& step, const Tellings& view) {
    std::size_t members = 0;
    for (const Row& row : step.rows) {
      if (row.member >= view.size()) continue;
      const Told seen = told_by(row.status);
      if (seen != Told::Nothing) ++members;
      if (seen == view[row.member]) continue;
      return who(step.host) + " shows " + who(row.member) + " as " +
             std::string(to_string(row.status)) + ", but its events said " +
             std::string(name_of(view[row.member]));
    }
    std::size_t told = 0;
    for (const Told each : view)
      told += each == Told::Nothing ? 0 : 1;
    if (told == members) return std::nullopt;
    return who(step.host) + " shows " + std::to_string(members) + " members, its events said " +
           std::to_string(told);
  }

  std::uint32_t host_count_;
  PerProcess<Tellings> views_;
};

}  // namespace

std::unique_ptr<Invariant> status_moves_along(std::uint32_t host_count) {
  return std::make_unique<StatusEvents>(host_count);
}

}  // namespace gossip::sim
