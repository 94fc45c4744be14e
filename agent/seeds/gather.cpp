#include "agent/seeds/gather.h"

#include <set>
#include <utility>
#include <vector>

#include "agent/seeds/srv.h"
#include "config/files.h"
#include "runtime/resolver.h"

namespace gossip::agent::seeds {
namespace {

using Kind = config::SeedSpec::Kind;

// Collects addresses, each once, and remembers what did not count and why.
class Gathering {
 public:
  explicit Gathering(std::uint16_t default_port) : default_port_(default_port) {}

  void add(const IpAddress& ip, std::uint16_t port) {
    const Address address{ip.shortest(), port};
    if (!seen_.insert(address).second) return;
    if (answer_.addresses.size() == kMaxAnswer) {
      ++beyond_;
      return;
    }
    answer_.addresses.push_back(address);
  }

  void add_host(const runtime::HostAndPort& host) {
    if (const Expected<IpAddress> ip = IpAddress::parse(host.host)) return add(*ip, host.port);
    if (++names_ > kMaxNames) return;
    const Expected<std::vector<Address>> found = runtime::resolve_now(host);
    if (!found) {
      if (trouble_.message.empty() || found.error().code != ErrorCode::NotFound) {
        trouble_ = found.error();
      }
      return;
    }
    for (const Address& address : *found)
      add(address.ip, address.port);
  }

  Expected<void> add_text(std::string_view text) {
    Expected<runtime::HostAndPort> host = runtime::parse_target(text, default_port_);
    if (!host) return tl::unexpected<Error>(std::move(host.error()));
    add_host(*host);
    return {};
  }

  [[nodiscard]] Expected<SeedAnswer> take() {
    if (answer_.addresses.empty()) {
      if (!trouble_.message.empty()) return tl::unexpected<Error>(std::move(trouble_));
      return fail(ErrorCode::NotFound, "it names no address");
    }
    std::string& note = answer_.note;
    note = trouble_.message;
    const auto say = [&note](const std::string& text) {
      note += (note.empty() ? "" : "; ") + text;
    };
    if (beyond_ > 0) {
      say("the first " + std::to_string(kMaxAnswer) + " addresses count, " +
          std::to_string(beyond_) + " more do not");
    }
    if (names_ > kMaxNames) {
      say("the first " + std::to_string(kMaxNames) + " names count, " +
          std::to_string(names_ - kMaxNames) + " more do not");
    }
    return std::move(answer_);
  }

 private:
  std::uint16_t default_port_;
  SeedAnswer answer_;
  std::set<Address> seen_;
  std::size_t beyond_ = 0;
  std::size_t names_ = 0;
  Error trouble_;  // of the last name, one that may be better next time before one that will not
};

Expected<SeedAnswer> answer_of_host(const std::string& target, std::uint16_t default_port) {
  Gathering gathering(default_port);
  Expected<void> added = gathering.add_text(target);
  if (!added) return tl::unexpected<Error>(std::move(added.error()));
  return gathering.take();
}

Expected<SeedAnswer> answer_of_service(const std::string& name, std::uint16_t default_port) {
  const Expected<std::vector<Service>> services = query_services(name);
  if (!services) return tl::unexpected<Error>(services.error());
  Gathering gathering(default_port);
  for (const Service& service : *services) {
    for (const IpAddress& ip : service.addresses)
      gathering.add(ip, service.port);
    if (service.addresses.empty()) gathering.add_host({service.host, service.port});
  }
  return gathering.take();
}

Expected<SeedAnswer> answer_of_file(const std::string& path, std::uint16_t default_port) {
  const Expected<std::string> text = config::read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  if (text->size() > kMaxListBytes) {
    return fail(ErrorCode::TooLarge,
                path + ": longer than " + std::to_string(kMaxListBytes) + " bytes");
  }
  return answer_of_list(*text, default_port);
}

// The next word of a list, "" at its end.
std::string_view next_word(std::string_view& text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    const std::size_t end =
        std::min(text.find_first_of(text.front() == '#' ? "\n" : kBlank), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    if (word.front() != '#') return word;
  }
}

}  // namespace

Expected<SeedAnswer> answer_of_list(std::string_view text, std::uint16_t default_port) {
  Gathering gathering(default_port);
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    Expected<void> added = gathering.add_text(word);
    if (!added) return tl::unexpected<Error>(std::move(added.error()));
  }
  return gathering.take();
}

Expected<SeedAnswer> answer_of(const config::SeedSpec& spec, std::uint16_t default_port) {
  switch (spec.kind) {
    case Kind::Address:
    case Kind::Name: return answer_of_host(spec.target, default_port);
    case Kind::Service: return answer_of_service(spec.target, default_port);
    case Kind::File: return answer_of_file(spec.target, default_port);
    case Kind::Script:
    case Kind::Mdns: break;  // need the loop
  }
  return fail(ErrorCode::InvalidArgument, spec.text + ": not to be looked up here");
}

}  // namespace gossip::agent::seeds
