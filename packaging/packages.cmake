# Debian packages by CPack: `cpack --config build/CPackConfig.cmake` makes gossipd, gossipctl, libgossip0 and libgossip-dev.
# What CPack does not do by itself, finish_package.cmake does in the folder that is about to be packed.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gossip)
set(CPACK_PACKAGE_VENDOR gossip)
set(CPACK_PACKAGE_CONTACT "The gossipd authors <maintainers@gossipd.example>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL gossipd gossipctl library development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/finish_package.cmake)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_BINARY_DIR}/cpack_project.cmake)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/cpack_project.cmake "\
set(GOSSIP_PACKAGING ${CMAKE_CURRENT_SOURCE_DIR})
set(GOSSIP_DATE ${GOSSIP_DATE})
set(ENV{SOURCE_DATE_EPOCH} ${GOSSIP_DATE})
")

set(debian ${CMAKE_CURRENT_SOURCE_DIR}/debian)
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_NAME gossipd)
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_SECTION net)
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_RECOMMENDS gossipctl)
set(CPACK_COMPONENT_GOSSIPD_DESCRIPTION "membership and service discovery by gossip
gossipd tells the other hosts of a cluster its name, address and tags, learns
theirs, and finds out who has failed, without any server. It speaks the gossip
and RPC protocols of Serf, so that both share one cluster.

The service is installed but not started: an agent without a key listens to
everybody. Put the seeds and a key into /etc/gossipd/gossipd.toml first.")
set(CPACK_DEBIAN_GOSSIPD_PACKAGE_CONTROL_EXTRA ${debian}/gossipd/postinst ${debian}/gossipd/prerm
  ${debian}/gossipd/postrm ${debian}/gossipd/conffiles)

set(CPACK_DEBIAN_GOSSIPCTL_PACKAGE_NAME gossipctl)
set(CPACK_DEBIAN_GOSSIPCTL_PACKAGE_SECTION net)
set(CPACK_DEBIAN_GOSSIPCTL_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_GOSSIPCTL_PACKAGE_ENHANCES gossipd)
set(CPACK_COMPONENT_GOSSIPCTL_DESCRIPTION "command line for gossipd and Serf agents
gossipctl asks an agent of a gossip cluster who its members are, changes tags,
sends events and queries, rotates keys, and waits for members to come up. It
talks to gossipd and to agents of Serf.

As an alternative of serf(1) it takes that command's words and flags.")
set(CPACK_DEBIAN_GOSSIPCTL_PACKAGE_CONTROL_EXTRA ${debian}/gossipctl/postinst ${debian}/gossipctl/prerm)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libgossip0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "membership by gossip for C and what calls C
libgossip makes a program in any language that can call C a member of a gossip
cluster: it learns who else is there, under which tags, and who has failed. No
daemon is needed. Clusters of Serf agents take it as one of their own.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${debian}/libgossip0/triggers ${debian}/libgossip0/shlibs)

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libgossip-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libgossip0 (= ${PROJECT_VERSION}-1), libexpected-dev, libre2-dev, libuv1-dev, nettle-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "membership by gossip for C++ and C programs (development files)
gossip::Node makes a program a member of a gossip cluster: it learns who else
is there, under which tags, and who has failed. This package has the headers of
C++ and C, the static libraries, and the files for CMake and pkg-config.")
include(CPack)
