// One function object out of several lambdas, for std::visit.
#pragma once

namespace gossip::base {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace gossip::base
