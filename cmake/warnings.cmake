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
