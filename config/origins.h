// Where a setting came from, as errors and warnings begin with it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gossip/error.h"

#include "config/settings.h"

namespace gossip::config {

// What is said of the option `name` begins with this: its `origin`, and its name where that does not say it yet.
[[nodiscard]] std::string blame(const std::string& origin, std::string_view name);

// "--bind", "/etc/gossipd.toml:3:1: bind", or the bare key where nobody has set it: what to blame.
[[nodiscard]] std::string origin_of(const Settings& settings, std::string_view key);
// InvalidArgument: what is wrong with the value of `key`, and where it came from.
[[nodiscard]] tl::unexpected<Error> refuse(const Settings& settings, std::string_view key,
                                           std::string_view what);
// The same of one element of a list, by its index.
[[nodiscard]] std::string origin_of_element(const Settings& settings, std::string_view key,
                                            std::size_t index);
[[nodiscard]] tl::unexpected<Error> refuse_element(const Settings& settings, std::string_view key,
                                                   std::size_t index, std::string_view what);

}  // namespace gossip::config
