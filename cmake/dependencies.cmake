# What Debian 12 provides. The release programs link libuv, Nettle, RE2 and the C++ runtime statically
# and glibc dynamically (name resolution needs it): docs/performance.md has what that saves.
find_package(Threads REQUIRED)

# An imported static library found by its archive's name, with its headers as system headers.
function(gossip_static_library target archive)
  find_library(${target}_archive NAMES ${archive} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_archive})
endfunction()

gossip_static_library(gossip_libuv libuv_a.a)
target_link_libraries(gossip_libuv INTERFACE Threads::Threads ${CMAKE_DL_LIBS} rt)
gossip_static_library(gossip_nettle libnettle.a)
gossip_static_library(gossip_re2 libre2.a)
target_link_libraries(gossip_re2 INTERFACE Threads::Threads)

add_library(gossip_msgpack INTERFACE)
target_compile_definitions(gossip_msgpack INTERFACE MSGPACK_NO_BOOST)

# A sanitizer's runtime wants the shared C++ runtime; the plain programs carry their own.
add_library(gossip_static_runtime INTERFACE)
if(NOT GOSSIP_SANITIZE)
  target_link_options(gossip_static_runtime INTERFACE -static-libstdc++ -static-libgcc)
  # A tenth of a megabyte less. Needs the glibc of Debian 12, which the linker notes in the program.
  include(CheckLinkerFlag)
  include(CheckCXXSourceCompiles)
  check_linker_flag(CXX -Wl,-z,pack-relative-relocs GOSSIP_LINKER_PACKS_RELOCATIONS)
  check_cxx_source_compiles("#include <features.h>
    static_assert(__GLIBC_PREREQ(2, 36));
    int main() {}" GOSSIP_GLIBC_TAKES_PACKED_RELOCATIONS)
  if(GOSSIP_LINKER_PACKS_RELOCATIONS AND GOSSIP_GLIBC_TAKES_PACKED_RELOCATIONS)
    target_link_options(gossip_static_runtime INTERFACE -Wl,-z,pack-relative-relocs)
  endif()
endif()
