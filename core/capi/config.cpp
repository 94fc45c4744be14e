#include "capi/config.h"

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "capi/failure.h"
#include "capi/views.h"

namespace gossip::capi {
namespace {

struct Text {
  std::string_view key;
  std::string Config::*field;
};
constexpr std::array kTexts = {
    Text{"node_name", &Config::node_name},
    Text{"bind_addr", &Config::bind_addr},
    Text{"advertise_addr", &Config::advertise_addr},
    Text{"keyring_path", &Config::keyring_path},
    Text{"label", &Config::label},
    Text{"snapshot_path", &Config::snapshot_path},
};

using Field =
    std::variant<Compression Config::*, Coordinates Config::*, Replay Config::*,
                 RejoinAfterLeave Config::*, std::uint8_t Config::*, std::uint32_t Config::*,
                 std::size_t Config::*, std::uint32_t Timing::*, Duration Timing::*>;
struct Number {
  std::string_view key;
  Field field;
};
const std::array kNumbers = {
    Number{"compression", &Config::compression},
    Number{"coordinates", &Config::coordinates},
    Number{"replay_on_join", &Config::replay_on_join},
    Number{"rejoin_after_leave", &Config::rejoin_after_leave},
    Number{"protocol", &Config::protocol},
    Number{"max_members", &Config::max_members},
    Number{"event_buffer", &Config::event_buffer},
    Number{"max_queue_depth", &Config::max_queue_depth},
    Number{"user_event_size_limit", &Config::user_event_size_limit},
    Number{"query_size_limit", &Config::query_size_limit},
    Number{"query_response_size_limit", &Config::query_response_size_limit},
    Number{"indirect_checks", &Timing::indirect_checks},
    Number{"retransmit_mult", &Timing::retransmit_mult},
    Number{"suspicion_mult", &Timing::suspicion_mult},
    Number{"gossip_nodes", &Timing::gossip_nodes},
    Number{"tcp_timeout", &Timing::tcp_timeout},
    Number{"push_pull_interval", &Timing::push_pull_interval},
    Number{"probe_interval", &Timing::probe_interval},
    Number{"probe_timeout", &Timing::probe_timeout},
    Number{"restart_grace", &Timing::restart_grace},
    Number{"gossip_interval", &Timing::gossip_interval},
    Number{"broadcast_timeout", &Timing::broadcast_timeout},
    Number{"leave_propagate_delay", &Timing::leave_propagate_delay},
    Number{"reap_interval", &Timing::reap_interval},
    Number{"reconnect_interval", &Timing::reconnect_interval},
    Number{"reconnect_timeout", &Timing::reconnect_timeout},
    Number{"tombstone_timeout", &Timing::tombstone_timeout},
};

constexpr std::uint64_t kMostMilliseconds = static_cast<std::uint64_t>(
    std::chrono::floor<std::chrono::milliseconds>(Duration::max()).count());

static_assert(static_cast<int>(Compression::On) == 1 && static_cast<int>(Coordinates::On) == 1);
static_assert(static_cast<int>(Replay::DeliverOld) == 1 &&
              static_cast<int>(RejoinAfterLeave::Yes) == 1);

// Whether `value` is one of the field's.
template <typename T>
bool assign(T& field, std::uint64_t value) {
  if constexpr (std::is_enum_v<T>) {
    if (value > 1) return false;
    field = static_cast<T>(value);
  } else if constexpr (std::is_same_v<T, Duration>) {
    if (value > kMostMilliseconds) return false;
    field = std::chrono::milliseconds(value);
  } else {
    if (value > std::numeric_limits<T>::max()) return false;
    field = static_cast<T>(value);
  }
  return true;
}

template <typename T>
bool assign(Config& config, T Config::*field, std::uint64_t value) {
  return assign(config.*field, value);
}
template <typename T>
bool assign(Config& config, T Timing::*field, std::uint64_t value) {
  return assign(config.timing.*field, value);
}

gossip_code unknown_key(std::string_view kind, const char* key) {
  return failed(Error{ErrorCode::InvalidArgument,
                      "no " + std::string(kind) + " \"" + key +
                          "\" in the configuration (gossip/gossip.h lists them)"});
}

gossip_code set_profile(Config& config, std::string_view name) {
  if (name == "lan") {
    config.timing = Timing::lan();
  } else if (name == "wan") {
    config.timing = Timing::wan();
  } else if (name == "local") {
    config.timing = Timing::local();
  } else {
    return failed(Error{ErrorCode::InvalidArgument,
                        "no profile \"" + std::string(name) + "\": lan, wan or local"});
  }
  return GOSSIP_OK;
}

gossip_code set_text(Config& config, const char* key, gossip_bytes value) {
  if (std::string_view(key) == "profile") return set_profile(config, as_text(bytes_of(value)));
  for (const Text& text : kTexts) {
    if (text.key != key) continue;
    config.*text.field = text_of(value);
    return GOSSIP_OK;
  }
  return unknown_key("text", key);
}

gossip_code set_number(Config& config, const char* key, std::uint64_t value) {
  for (const Number& number : kNumbers) {
    if (number.key != key) continue;
    if (std::visit([&](auto field) { return assign(config, field, value); }, number.field))
      return GOSSIP_OK;
    return failed(
        Error{ErrorCode::TooLarge, std::string(key) + " cannot be " + std::to_string(value)});
  }
  return unknown_key("number", key);
}

}  // namespace
}  // namespace gossip::capi

using gossip::capi::guarded;

gossip_config* gossip_config_new(void) {
  gossip_config* config = nullptr;
  guarded([&] {
    config = new gossip_config;
    return GOSSIP_OK;
  });
  return config;
}

void gossip_config_free(gossip_config* config) {
  delete config;
}

gossip_code gossip_config_set_text(gossip_config* config, const char* key, gossip_bytes value) {
  return guarded([&] { return gossip::capi::set_text(config->value, key, value); });
}

gossip_code gossip_config_set_number(gossip_config* config, const char* key, uint64_t value) {
  return guarded([&] { return gossip::capi::set_number(config->value, key, value); });
}

gossip_code gossip_config_set_tag(gossip_config* config, gossip_bytes key, gossip_bytes value) {
  return guarded([&] {
    config->value.tags.insert_or_assign(gossip::capi::text_of(key), gossip::capi::text_of(value));
    return GOSSIP_OK;
  });
}

gossip_code gossip_config_add_join(gossip_config* config, gossip_bytes address) {
  return guarded([&] {
    config->value.start_join_addrs.push_back(gossip::capi::text_of(address));
    return GOSSIP_OK;
  });
}

gossip_code gossip_config_add_key(gossip_config* config, gossip_bytes key) {
  return guarded([&] {
    const gossip::ByteView bytes = gossip::capi::bytes_of(key);
    config->value.encryption_keys.emplace_back(bytes.begin(), bytes.end());
    return GOSSIP_OK;
  });
}
