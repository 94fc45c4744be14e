// A conversation of a session with a client that keeps count of Seqs, hands shaken.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "rpc/client.h"
#include "unit/agent/rpc/scripted_agent.h"

namespace gossip::agent::rpc {

struct Dialogue : Conversation {
  using Request = gossip::rpc::Request;
  using Response = gossip::rpc::Response;
  using Arrival = gossip::rpc::Arrival;

  explicit Dialogue(SessionSettings with = {}) : Conversation(std::move(with)) {
    REQUIRE(ask(gossip::rpc::HandshakeRequest{}).error.empty());
  }

  std::uint64_t say(const Request& request) {
    Bytes bytes;
    const std::uint64_t seq = protocol.send(request, bytes);
    session.receive(bytes);
    return seq;
  }
  std::vector<Arrival> hear() {
    std::vector<Arrival> arrivals;
    REQUIRE(protocol.receive(std::exchange(client.unread, {}), arrivals));
    return arrivals;
  }
  Response ask(const Request& request) {
    const std::uint64_t seq = say(request);
    for (Arrival& arrival : hear()) {
      if (auto* response = std::get_if<Response>(&arrival)) {
        if (response->seq == seq) return std::move(*response);
      }
    }
    FAIL("no response");
    return {};
  }

  gossip::rpc::Client protocol;
};

}  // namespace gossip::agent::rpc
