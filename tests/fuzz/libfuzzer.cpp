// The door through which libFuzzer comes in; CMakeLists.txt says to which target it leads.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gossip::fuzz::target::GOSSIP_FUZZ_TARGET(gossip::ByteView(data, size));
  return 0;
}
