// Commands of the Serf layer: events, queries, keys.
#include "engine/parts.h"

namespace gossip {

namespace {

constexpr const char* kNotYet = "not supported by this version of gossipd";

}  // namespace

Expected<void> Engine::send_event(TimePoint /*now*/, std::string_view /*name*/,
                                  ByteView /*payload*/, Coalesce /*coalesce*/, Effects& /*out*/) {
  return fail(ErrorCode::WrongState, kNotYet);
}

Expected<QueryToken> Engine::send_query(TimePoint /*now*/, const QueryParams& /*params*/,
                                        Effects& /*out*/) {
  return fail(ErrorCode::WrongState, kNotYet);
}

Expected<void> Engine::respond(TimePoint /*now*/, QueryToken /*query*/, ByteView /*payload*/,
                               Effects& /*out*/) {
  return fail(ErrorCode::WrongState, kNotYet);
}

void Engine::decline(TimePoint /*now*/, QueryToken /*query*/, Effects& /*out*/) {}

Expected<OpId> Engine::change_keys(TimePoint /*now*/, const KeyCommand& /*command*/,
                                   Effects& /*out*/) {
  return fail(ErrorCode::WrongState, kNotYet);
}

std::optional<Coordinate> Engine::coordinate(std::string_view /*name*/) const {
  return std::nullopt;
}

}  // namespace gossip
