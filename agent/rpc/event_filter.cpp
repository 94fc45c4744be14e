#include "agent/rpc/event_filter.h"

#include <algorithm>
#include <array>
#include <variant>

namespace gossip::agent::rpc {
namespace {

constexpr std::array<std::string_view, 8> kPlainKinds{
    "*",           "member-join", "member-leave", "member-failed", "member-update",
    "member-reap", "user",        "query"};
constexpr std::array<std::string_view, 2> kNamedKinds{"user", "query"};

}  // namespace

std::optional<EventFilter> EventFilter::parse(std::string_view text) {
  EventFilter filter;
  if (text.empty()) text = "*";
  for (;;) {
    const std::size_t comma = text.find(',');
    std::optional<Part> part = parse_part(text.substr(0, comma));
    if (!part) return std::nullopt;
    filter.parts_.push_back(*std::move(part));
    if (comma == std::string_view::npos) return filter;
    text.remove_prefix(comma + 1);
  }
}

std::optional<EventFilter::Part> EventFilter::parse_part(std::string_view text) {
  for (const std::string_view kind : kNamedKinds) {
    if (text.size() > kind.size() && text.starts_with(kind) && text[kind.size()] == ':') {
      return Part{std::string(kind), std::string(text.substr(kind.size() + 1))};
    }
  }
  if (std::find(kPlainKinds.begin(), kPlainKinds.end(), text) == kPlainKinds.end()) {
    return std::nullopt;
  }
  return Part{std::string(text), {}};
}

bool EventFilter::wants(const Event& event) const {
  const std::string_view kind = kind_of(event);
  const std::string* name = nullptr;
  if (const auto* user = std::get_if<UserEvent>(&event)) name = &user->name;
  if (const auto* query = std::get_if<Query>(&event)) name = &query->name;
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    if (part.kind == "*") return true;
    if (part.kind != kind) return false;
    return part.name.empty() || (name != nullptr && *name == part.name);
  });
}

}  // namespace gossip::agent::rpc
