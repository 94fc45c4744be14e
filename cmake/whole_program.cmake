# gossipd and gossipctl are optimised as a whole, which takes a sixth of their size (docs/performance.md). What they are
# made of is also installed and linked into tests, as objects like any other: so they hold both forms.
add_library(gossip_parts_options INTERFACE)    # of libraries that the programs are made of
add_library(gossip_program_options INTERFACE)  # of the programs
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT GOSSIP_SANITIZE)
  target_compile_options(gossip_parts_options INTERFACE "$<$<CONFIG:Release>:-flto=auto;-ffat-lto-objects>")
  target_link_options(gossip_program_options INTERFACE "$<$<CONFIG:Release>:-flto=auto>")
  # GCC would do so wherever it meets such an object.
  target_link_options(gossip_options INTERFACE
    $<$<NOT:$<IN_LIST:gossip_program_options,$<TARGET_PROPERTY:LINK_LIBRARIES>>>:-fno-lto>)
  # Other versions of GCC cannot read that form.
  set(GOSSIP_STRIP_LTO ${CMAKE_STRIP} --remove-section=.gnu.lto_* --remove-section=.gnu.debuglto_*
    --strip-symbol=__gnu_lto_slim --strip-symbol=__gnu_lto_v1)
endif()
