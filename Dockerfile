# gossipd and gossipctl as a small image: two programs, the C library, a shell for event handlers, and nothing else.
#   docker build -t gossipd .
#   docker run -e GOSSIP_RETRY_JOIN=seed.example.org -e GOSSIP_TAGS=role=web gossipd
# BASE is any Debian 12: only building needs it.
ARG BASE=debian:12-slim
FROM ${BASE} AS build
COPY packaging/debian-build-deps.txt packaging/install-deps.sh /src/packaging/
RUN /src/packaging/install-deps.sh
COPY . /src
RUN cmake -S /src -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" \
      -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_UNITY_BUILD=ON -DGOSSIP_BUILD_TESTS=OFF \
 && cmake --build /build --target gossipd gossipctl
RUN /src/packaging/container/collect /build /image

FROM scratch
COPY --from=build /image/ /
# Settings are GOSSIP_ variables, one for each key of gossipd.toml(5). Whoever stops the container asks the agent to
# leave: true for process 1 anyway, said here for those who put an init before it.
ENV PATH=/usr/bin:/bin \
    GOSSIP_RPC_ADDR=/run/gossipd/gossipd.sock \
    GOSSIP_LEAVE_ON_TERMINATE=true
USER 65532:65532
EXPOSE 7946/tcp 7946/udp
VOLUME /var/lib/gossipd
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["/usr/bin/gossipctl", "info", "--timeout", "2s"]
LABEL org.opencontainers.image.title="gossipd" \
      org.opencontainers.image.description="membership and service discovery by gossip, compatible with Serf" \
      org.opencontainers.image.licenses="Apache-2.0"
ENTRYPOINT ["/usr/bin/gossipd"]
