// One engine that knows so many members, and the packets that they send it: for benchmarks and budgets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gossip/engine.h"

#include "base/text_pool.h"
#include "wire/packet.h"
#include "wire/swim_messages.h"

namespace gossip::bench {

// Not the same twice, and no more.
class CountingNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override;

 private:
  std::uint64_t count_ = 0;
};

// Member `number` of a crowd, as on the wire; row() and the names it views hold as long as this.
class CrowdMember {
 public:
  explicit CrowdMember(std::size_t number);
  [[nodiscard]] wire::Alive alive() const;
  [[nodiscard]] wire::NodeState row() const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Address address() const;

 private:
  std::string name_;
  std::array<std::uint8_t, 4> ip_;
  Bytes meta_;
};

// The state of a crowd as a stream brings it.
[[nodiscard]] Bytes crowd_push_pull(std::size_t count);

class EngineScene {
 public:
  // An engine called "a" with so many others; its broadcasts about them have been sent.
  explicit EngineScene(std::size_t others, Config config = {});

  // A whole push/pull that `bytes` begins; the size of our answer.
  std::size_t push_pull(const Bytes& bytes);
  // Takes the effects away as a host does.
  void carry_out() { out.clear(); }
  // Lets time pass until nothing is queued.
  void settle();

  base::TextPool texts;
  CountingNonces nonces;
  TimePoint now;
  Effects out;
  std::unique_ptr<Engine> engine;
};

// A message alone in its packet, as a peer of today sends it.
[[nodiscard]] Bytes packet_of(ByteView message, const wire::Wrapping& wrapping = {});

}  // namespace gossip::bench
