# Compiler settings that every target of ours shares.
add_library(gossip_options INTERFACE)
target_compile_options(gossip_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -ffunction-sections -fdata-sections)
target_link_options(gossip_options INTERFACE -Wl,--gc-sections)
# GCC 12 warns of std::string's own copies when it optimises (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(gossip_options INTERFACE -Wno-restrict)
endif()
if(GOSSIP_SANITIZE)
  target_compile_options(gossip_options INTERFACE
    -fsanitize=${GOSSIP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(gossip_options INTERFACE -fsanitize=${GOSSIP_SANITIZE})
endif()

# For what runs hours of virtual time in the tests: under ASan, code that is not optimised at all takes seven times as
# long there as with -O1, far more than the compiler saves (sim.seeds: over 335 s of CPU against 48 s, and 45 s to build).
add_library(gossip_hot_options INTERFACE)
if(GOSSIP_SANITIZE)
  target_compile_options(gossip_hot_options INTERFACE -O1)
endif()
