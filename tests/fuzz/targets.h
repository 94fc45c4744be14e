// Every fuzz target: a function that takes any bytes, targets/<name>.cpp. What must hold is a GOSSIP_CHECK in it.
#pragma once

#include "gossip/bytes.h"

#define GOSSIP_FUZZ_TARGETS(each)                                                         \
  each(ack_payload) each(cipher) each(cluster_message) each(compound) each(describe)      \
      each(dns_message) each(engine) each(filter) each(gossipctl_command_line)            \
          each(gossipd_command_line) each(handler) each(handler_output) each(http)        \
              each(keyring_file) each(lzw) each(msgpack) each(packet) each(rpc_client)    \
                  each(rpc_request) each(rpc_response) each(rpc_session) each(seed)       \
                      each(serf_json) each(snapshot) each(srv_answer) each(stream)        \
                          each(swim_message) each(swim_stream) each(tags) each(tags_file) \
                              each(terminal) each(toml)

namespace gossip::fuzz::target {

#define GOSSIP_FUZZ_DECLARE(name) void name(ByteView input);
GOSSIP_FUZZ_TARGETS(GOSSIP_FUZZ_DECLARE)
#undef GOSSIP_FUZZ_DECLARE

}  // namespace gossip::fuzz::target
