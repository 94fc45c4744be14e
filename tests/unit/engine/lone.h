// A lone engine, what strangers send it, and what it did about that.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "gossip/engine.h"

#include "base/text_pool.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip {

inline constexpr TimePoint kStart{};
inline const Address kStranger{IpAddress::v4({127, 0, 9, 9}), kDefaultPort};

class CountedNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override {
    Nonce nonce{};
    nonce[0] = ++count_;
    return nonce;
  }

 private:
  std::uint8_t count_ = 0;
};

// A lone engine called "a" at 127.0.0.1.
struct Lone {
  explicit Lone(Config config = {}, std::uint8_t seed = 1) {
    config.node_name = "a";
    const LocalAddress local{{IpAddress::v4({127, 0, 0, 1}), kDefaultPort}, kDefaultPort};
    engine = std::make_unique<Engine>(std::move(config), local, Seed{seed}, nonces, texts);
    engine->start(kStart, out);
    out.clear();
  }
  base::TextPool texts;
  CountedNonces nonces;
  std::unique_ptr<Engine> engine;
  Effects out;
};

template <typename Wanted>
std::size_t count(const Effects& effects) {
  return static_cast<std::size_t>(
      std::count_if(effects.begin(), effects.end(),
                    [](const Effect& effect) { return std::holds_alternative<Wanted>(effect); }));
}

inline Bytes alive(std::string_view name, ByteView ip) {
  static constexpr std::array<std::uint8_t, 6> kVersions{1, 5, 2, 2, 5, 5};
  return wire::encode(wire::Alive{.incarnation = 1,
                                  .node = name,
                                  .address = ip,
                                  .port = kDefaultPort,
                                  .meta = {},
                                  .versions = kVersions});
}

// Serf's message, of a query "q" of member b.
inline Bytes query(std::size_t payload_bytes) {
  const Bytes payload(payload_bytes);
  return wire::encode(wire::QueryMessage{.time = 1,
                                         .id = 1,
                                         .address = {},
                                         .source_node = "b",
                                         .filters = {},
                                         .name = "q",
                                         .payload = payload});
}

inline Bytes user_message(Bytes message) {
  message.insert(message.begin(), static_cast<std::uint8_t>(wire::MessageType::User));
  return message;
}

}  // namespace gossip
