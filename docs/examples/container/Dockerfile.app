# An application's own image with an agent in it, where a sidecar cannot be had: with-app runs both.
FROM debian:12-slim
COPY --from=gossipd /usr/bin/gossipd /usr/bin/gossipctl /usr/bin/
COPY packaging/container/with-app /usr/local/bin/
ENV GOSSIP_RPC_ADDR=/run/gossipd.sock
ENTRYPOINT ["with-app"]
CMD ["sleep", "infinity"]
