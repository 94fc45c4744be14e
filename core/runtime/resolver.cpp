#include "runtime/resolver.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <sys/socket.h>

#include <netdb.h>

#include "runtime/sockaddr.h"

namespace gossip::runtime {

namespace {

addrinfo stream_hints() {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;  // or else each address comes once for each kind of socket
  return hints;
}

std::vector<Address> addresses_in(const addrinfo* found, std::uint16_t port) {
  std::vector<Address> addresses;
  for (; found != nullptr && addresses.size() < kMaxAddresses; found = found->ai_next) {
    std::optional<Address> address = to_address(found->ai_addr);
    if (!address) continue;
    address->port = port;
    if (std::find(addresses.begin(), addresses.end(), *address) == addresses.end()) {
      addresses.push_back(*address);
    }
  }
  return addresses;
}

tl::unexpected<Error> bad_target(std::string_view text, std::string_view why) {
  return fail(ErrorCode::InvalidArgument,
              "address \"" + std::string(text) + "\": " + std::string(why));
}

Expected<HostAndPort> with_port(std::string_view host, std::string_view port,
                                std::string_view whole) {
  HostAndPort target{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
  if (error != std::errc{} || end != port.data() + port.size()) {
    return bad_target(whole, "port \"" + std::string(port) + "\" is not a number from 0 to 65535");
  }
  return target;
}

}  // namespace

Expected<HostAndPort> parse_target(std::string_view text, std::uint16_t default_port) {
  std::string_view place = text;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (slash == 0) return bad_target(text, "the node name before the slash is empty");
    place = text.substr(slash + 1);
  }
  if (place.find('\0') != std::string_view::npos) return bad_target(text, "it has a NUL byte");
  if (place.starts_with('[')) {
    const std::size_t close = place.find(']');
    if (close == std::string_view::npos) return bad_target(text, "brackets do not match");
    const std::string_view host = place.substr(1, close - 1);
    const std::string_view rest = place.substr(close + 1);
    if (host.empty()) return bad_target(text, "the host is missing");
    if (rest.empty()) return HostAndPort{std::string(host), default_port};
    if (!rest.starts_with(':')) return bad_target(text, "a colon is due after the bracket");
    return with_port(host, rest.substr(1), text);
  }
  if (place.empty()) return bad_target(text, "the host is missing");
  const std::size_t colon = place.find(':');
  if (colon == std::string_view::npos || place.find(':', colon + 1) != std::string_view::npos) {
    return HostAndPort{std::string(place), default_port};
  }
  if (colon == 0) return bad_target(text, "the host is missing");
  return with_port(place.substr(0, colon), place.substr(colon + 1), text);
}

Expected<std::vector<Address>> resolve_now(const HostAndPort& target) {
  if (const Expected<IpAddress> ip = IpAddress::parse(target.host)) {
    return std::vector<Address>{{*ip, target.port}};
  }
  const addrinfo hints = stream_hints();
  addrinfo* found = nullptr;
  const int code = getaddrinfo(target.host.c_str(), nullptr, &hints, &found);
  if (code != 0) {
    // What a name server may know better next time, and what it knows already.
    const bool unknown = code == EAI_NONAME || code == EAI_NODATA;
    return fail(unknown ? ErrorCode::NotFound : ErrorCode::Unreachable,
                "cannot resolve \"" + target.host + "\": " + gai_strerror(code));
  }
  std::vector<Address> addresses = addresses_in(found, target.port);
  freeaddrinfo(found);
  if (addresses.empty()) {
    return fail(ErrorCode::NotFound, "cannot resolve \"" + target.host + "\": no address found");
  }
  return addresses;
}

struct Resolver::Batch {
  struct Entry {
    std::string text;
    HostAndPort target;
    std::vector<Address> found;
    std::string failure;  // why there are none
    bool needs_lookup = false;
  };

  Resolver* resolver = nullptr;
  std::vector<Entry> entries;
  std::size_t next = 0;  // the first entry that no lookup was begun for
  std::vector<Lookup*> under_way;
  Done done;
};

struct Resolver::Lookup {
  uv_getaddrinfo_t request{};
  Batch* batch = nullptr;  // null: nobody waits any more
  std::size_t index = 0;
};

Resolver::Resolver(uv_loop_t* loop) : loop_(loop) {}

Resolver::~Resolver() {
  for (const std::unique_ptr<Batch>& batch : batches_) {
    for (Lookup* const lookup : batch->under_way) {
      lookup->batch = nullptr;
      uv_cancel(reinterpret_cast<uv_req_t*>(&lookup->request));
    }
  }
}

void Resolver::resolve(const std::vector<std::string>& addresses, std::uint16_t default_port,
                       Done done) {
  auto batch = std::make_unique<Batch>();
  batch->resolver = this;
  batch->done = std::move(done);
  for (const std::string& text : addresses) {
    Batch::Entry& entry = batch->entries.emplace_back();
    entry.text = text;
    Expected<HostAndPort> target = parse_target(text, default_port);
    if (!target) {
      entry.failure = std::move(target.error().message);
      continue;
    }
    entry.target = std::move(*target);
    if (const Expected<IpAddress> ip = IpAddress::parse(entry.target.host)) {
      entry.found.push_back({*ip, entry.target.port});
    } else {
      entry.needs_lookup = true;
    }
  }
  Batch& begun = *batches_.emplace_back(std::move(batch));
  start_lookups(begun);
  finish_if_complete(begun);
}

void Resolver::start_lookups(Batch& batch) {
  for (; batch.next < batch.entries.size() && batch.under_way.size() < kMaxLookups; ++batch.next) {
    if (batch.entries[batch.next].needs_lookup) look_up(batch, batch.next);
  }
}

void Resolver::look_up(Batch& batch, std::size_t index) {
  auto lookup = std::make_unique<Lookup>();
  lookup->batch = &batch;
  lookup->index = index;
  lookup->request.data = lookup.get();
  const addrinfo hints = stream_hints();
  const int code = uv_getaddrinfo(loop_, &lookup->request, &Resolver::answered,
                                  batch.entries[index].target.host.c_str(), nullptr, &hints);
  if (code != 0) {
    batch.entries[index].failure = std::string("cannot be resolved: ") + uv_strerror(code);
    return;
  }
  batch.under_way.push_back(lookup.release());  // answered takes it back
}

void Resolver::answered(uv_getaddrinfo_t* request, int status, addrinfo* found) {
  const std::unique_ptr<Lookup> lookup(static_cast<Lookup*>(request->data));
  Batch* const batch = lookup->batch;
  if (batch != nullptr) {
    std::erase(batch->under_way, lookup.get());
    Batch::Entry& entry = batch->entries[lookup->index];
    if (status == 0) entry.found = addresses_in(found, entry.target.port);
    if (entry.found.empty()) {
      entry.failure = std::string("cannot be resolved: ") +
                      (status == 0 ? "no address found" : uv_strerror(status));
    }
  }
  uv_freeaddrinfo(found);
  if (batch == nullptr) return;
  batch->resolver->start_lookups(*batch);
  batch->resolver->finish_if_complete(*batch);
}

void Resolver::finish_if_complete(Batch& batch) {
  if (batch.next < batch.entries.size() || !batch.under_way.empty()) return;
  Resolved resolved;
  for (Batch::Entry& entry : batch.entries) {
    resolved.contacts.insert(resolved.contacts.end(), entry.found.begin(), entry.found.end());
    if (entry.found.empty()) {
      resolved.failures.push_back({std::move(entry.text), std::move(entry.failure)});
    }
  }
  const Done done = std::move(batch.done);
  std::erase_if(batches_, [&batch](const auto& held) { return held.get() == &batch; });
  done(std::move(resolved));
}

}  // namespace gossip::runtime
