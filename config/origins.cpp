#include "config/origins.h"

namespace gossip::config {
namespace {

// A flag's origin is its name already, and so is a variable's; a file's is a place.
bool names_option(std::string_view origin) {
  return origin.substr(0, 2) == "--" || origin.substr(0, 7) == "GOSSIP_";
}

}  // namespace

std::string blame(const std::string& origin, std::string_view name) {
  return names_option(origin) ? origin : origin + ": " + std::string(name);
}

std::string origin_of(const Settings& settings, std::string_view key) {
  const auto found = settings.origins.find(key);
  if (found == settings.origins.end()) return std::string(key);
  return blame(found->second.back(), key);
}

std::string origin_of_element(const Settings& settings, std::string_view key, std::size_t index) {
  const auto found = settings.element_origins.find(key);
  if (found == settings.element_origins.end() || index >= found->second.size()) {
    return origin_of(settings, key);
  }
  return blame(found->second[index], key);
}

tl::unexpected<Error> refuse_element(const Settings& settings, std::string_view key,
                                     std::size_t index, std::string_view what) {
  return fail(ErrorCode::InvalidArgument,
              origin_of_element(settings, key, index) + ": " + std::string(what));
}

tl::unexpected<Error> refuse(const Settings& settings, std::string_view key,
                             std::string_view what) {
  return fail(ErrorCode::InvalidArgument, origin_of(settings, key) + ": " + std::string(what));
}

}  // namespace gossip::config
