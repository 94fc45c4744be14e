// rpc/client: whatever an agent answers, a client takes each response once and only records that it asked for.
#include <map>

#include "base/check.h"
#include "fuzz/decisions.h"
#include "fuzz/targets.h"
#include "rpc/client.h"

namespace {

namespace rpc = gossip::rpc;
using gossip::fuzz::Decisions;

rpc::Request request_of(Decisions& decisions) {
  switch (decisions.one_of(10)) {
    case 0: return rpc::HandshakeRequest{};
    case 1: return rpc::MembersRequest{};
    case 2: return rpc::StreamRequest{};
    case 3: return rpc::MonitorRequest{};
    case 4: return rpc::QueryRequest{};
    case 5: return rpc::StopRequest{decisions.one_of(8)};
    case 6: return rpc::ListKeysRequest{};
    case 7: return rpc::StatsRequest{};
    case 8: return rpc::GetCoordinateRequest{};
    default: return rpc::JoinRequest{{"a"}, false};
  }
}

// What was asked, by Seq, and whether its response is there.
using Asked = std::map<std::uint64_t, bool>;

void check_arrivals(const std::vector<rpc::Arrival>& arrivals, Asked& asked) {
  for (const rpc::Arrival& arrival : arrivals) {
    if (const auto* response = std::get_if<rpc::Response>(&arrival)) {
      const auto found = asked.find(response->seq);
      GOSSIP_CHECK(found != asked.end() && !found->second);
      found->second = true;
    } else {
      const auto found = asked.find(std::get<rpc::StreamRecord>(arrival).seq);
      GOSSIP_CHECK(found != asked.end() && found->second);
    }
  }
}

}  // namespace

void gossip::fuzz::target::rpc_client(ByteView input) {
  Decisions decisions(input);
  rpc::Client client;
  Asked asked;
  while (!decisions.are_over()) {
    if (decisions.yes()) {
      Bytes request;
      const std::uint64_t seq = client.send(request_of(decisions), request);
      GOSSIP_CHECK(!request.empty() && asked.emplace(seq, false).second);
      continue;
    }
    std::vector<rpc::Arrival> arrivals;
    const auto received = client.receive(decisions.many_bytes(), arrivals);
    check_arrivals(arrivals, asked);
    if (!received) return;
  }
}
