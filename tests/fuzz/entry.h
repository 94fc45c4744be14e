// The one function of a fuzz target, as libFuzzer calls it. What must hold for any input is a GOSSIP_CHECK.
#pragma once

#include <cstddef>
#include <cstdint>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
