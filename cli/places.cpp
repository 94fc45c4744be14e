#include "cli/places.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gossip::cli {
namespace {

Expected<std::optional<Coordinate>> ask_for(const std::string& name, Connection& agent) {
  const Expected<rpc::Response> response = agent.call(rpc::GetCoordinateRequest{name});
  if (!response) {
    return tl::unexpected(response.error());
  }
  const auto* const body = std::get_if<rpc::CoordinateResponse>(&response->body);
  return body != nullptr ? body->coordinate : std::nullopt;
}

Expected<bool> is_member(const std::string& name, Connection& agent) {
  const Expected<rpc::Response> response = agent.call(rpc::MembersRequest{});
  if (!response) {
    return tl::unexpected(response.error());
  }
  const auto* const body = std::get_if<rpc::MembersResponse>(&response->body);
  return body != nullptr &&
         std::any_of(body->members.begin(), body->members.end(),
                     [&name](const Member& member) { return member.name == name; });
}

}  // namespace

Expected<Coordinate> find_place(const std::string& name, Connection& agent) {
  const Expected<std::optional<Coordinate>> found = ask_for(name, agent);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (*found) {
    return **found;
  }
  const Expected<bool> known = is_member(name, agent);
  if (!known) {
    return tl::unexpected(known.error());
  }
  const std::string missing = "could not find a coordinate for node \"" + name + "\"";
  if (!*known) {
    return fail(ErrorCode::NotFound, missing + ": no member is called so");
  }
  return fail(ErrorCode::Refused, missing +
                                      ": it has not answered a probe of this agent yet, or one "
                                      "of the two keeps no coordinates");
}

Expected<Places> find_places(std::span<const Member> members, Connection& agent) {
  Places places;
  for (const Member& member : members) {
    const Expected<std::optional<Coordinate>> place = ask_for(member.name, agent);
    if (!place) {
      return tl::unexpected(place.error());
    }
    if (*place) {
      places[member.name] = **place;
    }
  }
  return places;
}

Expected<std::string> own_name(Connection& agent) {
  const Expected<rpc::Response> response = agent.call(rpc::StatsRequest{});
  if (!response) {
    return tl::unexpected(response.error());
  }
  if (const auto* const stats = std::get_if<rpc::StatsResponse>(&response->body)) {
    const auto section = stats->sections.find("agent");
    if (section != stats->sections.end() && section->second.contains("name")) {
      return section->second.at("name");
    }
  }
  return fail(ErrorCode::Refused, "the agent does not say what it is called");
}

std::optional<Duration> round_trip(const std::string& a, const std::string& b,
                                   const Places& places) {
  const auto from = places.find(a);
  const auto to = places.find(b);
  if (from == places.end() || to == places.end()) {
    return std::nullopt;
  }
  return a == b ? Duration::zero() : estimated_round_trip(from->second, to->second);
}

std::string format_milliseconds(Duration duration) {
  std::array<char, 32> text{};
  const std::chrono::duration<double, std::milli> milliseconds = duration;
  std::snprintf(text.data(), text.size(), "%.3f", milliseconds.count());
  return text.data();
}

}  // namespace gossip::cli
