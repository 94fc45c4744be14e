# Run by CPack in each folder that becomes a package: what Debian's policy wants and `install` does not know.
file(GLOB parts LIST_DIRECTORIES true ${CPACK_TEMPORARY_DIRECTORY}/*)
foreach(part ${parts})
  get_filename_component(component ${part} NAME)
  if(component STREQUAL "development")
    set(package libgossip-dev)
  else()
    set(package ${component})
  endif()

  if(component STREQUAL "gossipd")
    file(MAKE_DIRECTORY ${part}/etc/gossipd/conf.d)
    file(COPY ${part}/usr/share/gossipd/gossipd.toml DESTINATION ${part}/etc/gossipd)
    # Debian 12 wants units where they were before /usr was merged.
    file(MAKE_DIRECTORY ${part}/lib)
    file(RENAME ${part}/usr/lib/systemd ${part}/lib/systemd)
  endif()

  set(documents ${part}/usr/share/doc/${package})
  file(MAKE_DIRECTORY ${documents})
  file(COPY ${GOSSIP_PACKAGING}/debian/copyright DESTINATION ${documents}
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  configure_file(${GOSSIP_PACKAGING}/debian/changelog ${documents}/changelog.Debian @ONLY)
  file(COPY ${GOSSIP_PACKAGING}/../CHANGELOG.md DESTINATION ${documents})
  file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
  if(EXISTS ${GOSSIP_PACKAGING}/debian/${package}/lintian-overrides)
    file(COPY ${GOSSIP_PACKAGING}/debian/${package}/lintian-overrides DESTINATION ${part}/usr/share/lintian/overrides)
    file(RENAME ${part}/usr/share/lintian/overrides/lintian-overrides ${part}/usr/share/lintian/overrides/${package})
  endif()

  file(GLOB compressed ${part}/usr/share/man/man*/* ${documents}/changelog*)
  foreach(file ${compressed})
    execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()

  file(GLOB programs ${part}/usr/bin/*)
  foreach(program ${programs})
    execute_process(COMMAND strip --remove-section=.comment ${program} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  file(GLOB_RECURSE everything LIST_DIRECTORIES true ${part}/*)
  foreach(path ${everything})
    if(IS_DIRECTORY ${path} OR path MATCHES "/usr/bin/")
      file(CHMOD ${path} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
        WORLD_READ WORLD_EXECUTE)
    else()
      file(CHMOD ${path} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    endif()
  endforeach()
  # The same build makes the same package: no file is younger than the version.
  execute_process(COMMAND find ${part} -newermt @${GOSSIP_DATE} -exec touch -h -d @${GOSSIP_DATE} {} +
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
