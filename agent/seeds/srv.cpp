#include "agent/seeds/srv.h"

#include <algorithm>
#include <utility>

#include <arpa/nameser.h>
#include <netinet/in.h>

#include <netdb.h>
#include <resolv.h>

#include "agent/discovery/dns_message.h"

namespace gossip::agent::seeds {
namespace {

using discovery::DnsMessage;
using discovery::DnsRecord;
using discovery::DnsService;

constexpr std::size_t kMaxMessageBytes = 65535;  // what TCP can carry
constexpr std::size_t kMaxRecords = 8192;        // more such a message cannot hold

tl::unexpected<Error> resolver_error(const std::string& name, int code) {
  const std::string what = "cannot resolve the services of \"" + name + "\": ";
  switch (code) {
    case HOST_NOT_FOUND: return fail(ErrorCode::NotFound, what + "there is no such name");
    case NO_DATA: return fail(ErrorCode::NotFound, what + "the name has no SRV records");
    case TRY_AGAIN:
      return fail(ErrorCode::Unreachable, what + "the name servers do not answer, or fail");
    default: return fail(ErrorCode::Unreachable, what + "the name servers refuse");
  }
}

}  // namespace

Expected<std::vector<Service>> services_in(ByteView answer) {
  const tl::expected<DnsMessage, discovery::DnsError> message =
      discovery::decode_dns(answer, {kMaxMessageBytes, kMaxRecords});
  if (!message) return fail(ErrorCode::InvalidArgument, "the answer is no whole DNS message");
  std::vector<Service> services;
  std::size_t brought_along = 0;
  for (const DnsRecord& record : message->answers) {
    const auto* const found = std::get_if<DnsService>(&record.data);
    if (found == nullptr || found->target.wire().empty()) continue;
    Service& service = services.emplace_back();
    service.host = found->target.to_string();
    service.port = found->port;
    for (const DnsRecord& more : message->additional) {
      const auto* const ip = std::get_if<IpAddress>(&more.data);
      if (ip == nullptr || more.name != found->target) continue;
      if (++brought_along > kMaxBroughtAlong) break;
      service.addresses.push_back(*ip);
    }
  }
  if (services.empty()) return fail(ErrorCode::NotFound, "the answer has no services");
  return services;
}

Expected<std::vector<Service>> query_services(const std::string& name) {
  // A state of our own, so that a changed resolv.conf counts and threads do not meet.
  struct __res_state resolver {};
  if (res_ninit(&resolver) != 0) {
    return fail(ErrorCode::System, "cannot read the resolver's configuration");
  }
  Bytes buffer(kMaxMessageBytes);
  const int length = res_nsearch(&resolver, name.c_str(), ns_c_in, ns_t_srv, buffer.data(),
                                 static_cast<int>(buffer.size()));
  const int code = resolver.res_h_errno;
  res_nclose(&resolver);
  if (length < 0) return resolver_error(name, code);
  return services_in(ByteView(buffer).first(
      std::min<std::size_t>(static_cast<std::size_t>(length), buffer.size())));
}

}  // namespace gossip::agent::seeds
