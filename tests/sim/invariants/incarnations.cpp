// No incarnation goes back while a process knows the member at one address, and none is believed that the member has
// never had: only it may raise it.
#include <algorithm>
#include <cstddef>

#include "sim/invariants/families.h"

namespace gossip::sim {
namespace {

struct Known {
  std::uint64_t turn = 0;  // of its process, when it was last there
  std::uint32_t incarnation = 0;
  Address address;
};

struct IncarnationView {
  std::uint64_t turns = 0;
  std::vector<Known> members;
};

class Incarnations final : public Invariant {
 public:
  explicit Incarnations(std::uint32_t host_count) : highest_(host_count), views_(host_count) {}

  std::string_view promise() const override { return "no incarnation goes back or is made up"; }

  std::optional<Violation> after(const Step& step) override {
    IncarnationView& view = views_.of(step);
    ++view.turns;
    view.members.resize(highest_.size());
    for (const Row& row : step.rows) {
      if (row.member == step.host) {
        highest_[row.member] = std::max(highest_[row.member], row.incarnation);
      }
      if (row.member == kNobody || row.state == members::SwimState::Absent) continue;
      if (std::optional<Violation> broken = check(step, view, row)) return broken;
    }
    return std::nullopt;
  }

 private:
  std::optional<Violation> check(const Step& step, IncarnationView& view, const Row& row) {
    Known& known = view.members[row.member];
    // Since the turn before, and not forgotten in between.
    const bool is_old_friend = known.turn + 1 == view.turns && known.address == row.address;
    if (is_old_friend && row.incarnation < known.incarnation) {
      return who(step.host) + " had " + who(row.member) + " at incarnation " +
             std::to_string(known.incarnation) + " and now has it at " +
             std::to_string(row.incarnation);
    }
    known = {view.turns, row.incarnation, row.address};
    if (row.incarnation > highest_[row.member]) {
      return who(step.host) + " has " + who(row.member) + " at incarnation " +
             std::to_string(row.incarnation) + ", which has never been beyond " +
             std::to_string(highest_[row.member]);
    }
    return std::nullopt;
  }

  std::vector<std::uint32_t> highest_;  // of each member's own, in all its runs
  PerProcess<IncarnationView> views_;
};

}  // namespace

std::unique_ptr<Invariant> incarnations_never_fall(std::uint32_t host_count) {
  return std::make_unique<Incarnations>(host_count);
}

}  // namespace gossip::sim
