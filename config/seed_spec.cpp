#include "config/seed_spec.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <utility>

#include "gossip/address.h"

#include "base/ascii.h"
#include "base/nearest.h"
#include "config/text.h"

namespace gossip::config {
namespace {

using base::is_blank;
using base::trimmed;

using Kind = SeedSpec::Kind;
using Words = std::map<std::string, std::string, std::less<>>;

tl::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(ErrorCode::InvalidArgument,
              "seed \"" + std::string(text) + "\": " + std::string(why));
}

std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
  return trimmed(text.substr(prefix.size()));
}

// go-discover's `key=value key="quoted value"`: what has a blank, a quote or a backslash in it stands in quotes, in
// which \" and \\ are the characters themselves.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : rest_(trimmed(text)) {}

  Expected<Words> read() {
    Words words;
    while (!rest_.empty()) {
      std::optional<std::string> key = word('=');
      if (!key || key->empty()) return fail(ErrorCode::InvalidArgument, "expected key=value");
      if (rest_.empty() || rest_.front() != '=') {
        return fail(ErrorCode::InvalidArgument, "\"" + *key + "\" has no value");
      }
      rest_.remove_prefix(1);
      std::optional<std::string> value = word(' ');
      if (!value) return fail(ErrorCode::InvalidArgument, "a quote is not closed");
      if (!words.emplace(*key, std::move(*value)).second) {
        return fail(ErrorCode::InvalidArgument, "\"" + *key + "\" stands there twice");
      }
      rest_ = trimmed(rest_);
    }
    return words;
  }

 private:
  // Up to a blank or `end`; nothing if a quote is not closed.
  std::optional<std::string> word(char end) {
    if (!rest_.empty() && rest_.front() == '"') return quoted_word();
    const auto* const stop =
        std::find_if(rest_.begin(), rest_.end(), [end](char c) { return c == end || is_blank(c); });
    const auto length = static_cast<std::size_t>(stop - rest_.begin());
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }

  std::optional<std::string> quoted_word() {
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      text += rest_[i];
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

// The values that a provider takes: each once, those without default must be there.
class Values {
 public:
  Values(std::string_view text, Words words) : text_(text), words_(std::move(words)) {}

  Expected<std::string> take(std::string_view key) {
    const auto found = words_.find(key);
    if (found == words_.end() || found->second.empty()) {
      return bad(text_, "\"" + std::string(key) + "\" is missing");
    }
    std::string value = std::move(found->second);
    words_.erase(found);
    return value;
  }
  std::string take_or(std::string_view key, std::string otherwise) {
    if (words_.find(key) == words_.end()) return otherwise;
    Expected<std::string> value = take(key);
    return value ? std::move(*value) : otherwise;
  }
  [[nodiscard]] Expected<void> check_all_taken() const {
    if (words_.empty()) return {};
    return bad(text_, "this provider knows no \"" + words_.begin()->first + "\"");
  }

 private:
  std::string_view text_;
  Words words_;
};

std::string_view without_node_name(std::string_view host) {
  const std::size_t slash = host.find('/');
  return slash == std::string_view::npos ? host : host.substr(slash + 1);
}

// host, host:port, [v6], [v6]:port or a bare IPv6 address: what could never be looked up is told at once.
Expected<void> check_place(std::string_view seed, std::string_view place) {
  std::string_view port;
  bool has_port = false;
  if (place.starts_with('[')) {
    const std::size_t close = place.find(']');
    if (close == std::string_view::npos) return bad(seed, "brackets do not match");
    const std::string_view rest = place.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':'))
      return bad(seed, "a colon is due after the bracket");
    has_port = !rest.empty();
    if (has_port) port = rest.substr(1);
  } else if (std::count(place.begin(), place.end(), ':') == 1) {
    has_port = true;
    port = place.substr(place.find(':') + 1);
    if (place.front() == ':') return bad(seed, "the host is missing");
  }
  if (has_port && port_in(port).value_or(0) == 0) {
    return bad(seed, "port \"" + std::string(port) + "\" is not a number from 1 to 65535");
  }
  return {};
}

std::string_view host_in(std::string_view place) {
  if (place.starts_with('[')) return place.substr(1, place.find(']') - 1);
  return std::count(place.begin(), place.end(), ':') == 1 ? place.substr(0, place.find(':'))
                                                          : place;
}

// What is no address and no name server can know.
Expected<void> check_host(std::string_view seed, std::string_view host) {
  if (host.empty()) return bad(seed, "the host is missing");
  const std::string shown = "\"" + std::string(host) + "\"";
  if (host.find_first_not_of("0123456789.") == std::string_view::npos)
    return bad(seed, shown + " is no IPv4 address, which is four numbers from 0 to 255");
  // With a zone it is a name to us.
  const bool is_v6 = Address::parse(host.substr(0, host.find('%')), kDefaultPort).has_value();
  if (host.find(':') != std::string_view::npos && !is_v6) {
    return bad(seed, shown + " is no IPv6 address; with a port it is written [::1]:7946");
  }
  if (host.starts_with('-')) return bad(seed, shown + " begins with a dash, as no name does");
  if (host.starts_with('.') || host.find("..") != std::string_view::npos)
    return bad(seed, shown + " has nothing between two dots, or before the first one");
  return {};
}

// Names and addresses are checked, the other kinds are their own matter.
Expected<SeedSpec> checked(SeedSpec spec) {
  if (spec.kind != Kind::Address && spec.kind != Kind::Name) return spec;
  const std::string_view place = without_node_name(spec.target);
  Expected<void> sound = check_place(spec.text, place);
  if (sound && !Address::parse(place, kDefaultPort)) sound = check_host(spec.text, host_in(place));
  if (!sound) return tl::unexpected<Error>(sound.error());
  return spec;
}

Expected<std::string> service_name(Values& values) {
  Expected<std::string> service = values.take("service");
  if (!service) return service;
  Expected<std::string> domain = values.take("domain");
  if (!domain) return domain;
  return "_" + *service + "._" + values.take_or("proto", "tcp") + "." + *domain;
}

Expected<std::string> name_and_port(Values& values) {
  Expected<std::string> name = values.take("name");
  if (!name) return name;
  const std::string port = values.take_or("port", "");
  return port.empty() ? name : *name + ":" + port;
}

struct Found {
  Kind kind;
  Expected<std::string> target;
};

std::optional<Found> of_provider(std::string_view provider, Values& values) {
  if (provider == "dns") return Found{Kind::Name, name_and_port(values)};
  if (provider == "srv") return Found{Kind::Service, service_name(values)};
  if (provider == "exec") return Found{Kind::Script, values.take("command")};
  if (provider == "file") return Found{Kind::File, values.take("path")};
  if (provider == "mdns") return Found{Kind::Mdns, values.take("cluster")};
  return std::nullopt;
}

Expected<SeedSpec> parse_provider(std::string_view text) {
  Expected<Words> words = WordReader(text).read();
  if (!words) return bad(text, words.error().message);
  Values values(text, std::move(*words));
  const Expected<std::string> provider = values.take("provider");
  if (!provider) return tl::unexpected<Error>(provider.error());
  std::optional<Found> found = of_provider(*provider, values);
  if (!found) {
    return bad(text,
               "there are the providers dns, srv, exec, file and mdns; others by go-discover's "
               "program: exec=discover -q addrs " +
                   std::string(text));
  }
  if (!found->target) return tl::unexpected<Error>(found->target.error());
  const Expected<void> whole = values.check_all_taken();
  if (!whole) return tl::unexpected<Error>(whole.error());
  return checked({found->kind, std::string(text), std::move(*found->target)});
}

struct Prefix {
  std::string_view text;
  Kind kind;
};
// dnssrvnoa is dskit's for names whose addresses it leaves to others.
constexpr auto kPrefixes = std::to_array<Prefix>({
    {"dns+", Kind::Name},
    {"dnssrv+", Kind::Service},
    {"dnssrvnoa+", Kind::Service},
    {"srv:", Kind::Service},
    {"exec=", Kind::Script},
    {"exec:", Kind::Script},
    {"file:", Kind::File},
    {"mdns:", Kind::Mdns},
});

// What a seed begins with that may be meant as its kind: "file=" of "file=/x", "http://" of "http://x".
struct Beginning {
  std::string_view word;
  std::string_view text;  // with what ends it
  std::string_view rest;
};

std::optional<Beginning> beginning_of(std::string_view seed) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0; };
  const auto* const stop = std::find_if_not(seed.begin(), seed.end(), is_part);
  const std::string_view word = seed.substr(0, static_cast<std::size_t>(stop - seed.begin()));
  std::string_view rest = seed.substr(word.size());
  if (word.empty() || !(rest.starts_with('=') || rest.starts_with('+') || rest.starts_with(':')))
    return std::nullopt;
  rest.remove_prefix(rest.substr(1).starts_with("//") ? 3 : 1);
  return Beginning{word, seed.substr(0, seed.size() - rest.size()), rest};
}

// "dns+" for "DNS"; "" where no kind is near.
std::string_view kind_meant(std::string_view word) {
  constexpr auto kKinds = std::to_array<std::string_view>(
      {"dns+", "dnssrv+", "srv:", "exec=", "file:", "mdns:", "provider="});
  auto words = kKinds;  // without what ends them
  for (std::string_view& each : words)
    each.remove_suffix(1);
  const std::string small = lower(std::string(word));
  const std::string_view near = base::nearest(small, words);
  // Of three letters two may be others, which is not very near.
  if (near.empty() || near.front() != small.front()) return {};
  const auto* const found = std::find(words.begin(), words.end(), near);
  return kKinds.at(static_cast<std::size_t>(found - words.begin()));
}

// Whether it can be no host, with its port, nor with a member's name and a slash in front of it.
bool is_some_kind(const Beginning& begin, bool is_near) {
  const bool has_member = begin.rest.find('/') != std::string_view::npos;
  if (begin.rest.starts_with('/') || begin.text.ends_with('/')) return true;
  if (has_member) return is_near && !begin.text.ends_with(':');
  if (!begin.text.ends_with(':')) return true;
  // IPv6, or a port that is a number or ought to be one.
  return is_near && begin.rest.find(':') == std::string_view::npos &&
         begin.rest.find_first_not_of("0123456789") != std::string_view::npos;
}

Expected<void> check_kind(std::string_view seed) {
  const std::optional<Beginning> begin = beginning_of(seed);
  if (!begin) return {};
  const std::string_view meant = kind_meant(begin->word);
  if (!is_some_kind(*begin, !meant.empty())) return {};
  const std::string none = "there is no seed kind \"" + std::string(begin->text) + "\"";
  if (meant.empty()) {
    return bad(seed, none +
                         "; a seed is host[:port], or begins with dns+, dnssrv+, srv:, exec=, "
                         "file:, mdns: or provider=");
  }
  return bad(seed, none + ", did you mean " + std::string(meant) + std::string(begin->rest) + "?");
}

// Two slashes of file:///path are a URL's.
std::string_view target_of(Kind kind, std::string_view rest) {
  return kind == Kind::File && rest.substr(0, 3) == "///" ? rest.substr(2) : rest;
}

}  // namespace

Expected<SeedSpec> parse_seed(std::string_view text) {
  const std::string_view seed = trimmed(text);
  if (seed.empty()) return fail(ErrorCode::InvalidArgument, "a seed is empty");
  if (seed.find('\0') != std::string_view::npos) return bad(seed, "it has a NUL byte");
  // go-discover takes its words in any order.
  if (after(seed, "provider=") || seed.find(" provider=") != std::string_view::npos) {
    if (!after(seed, "exec=") && !after(seed, "exec:")) return parse_provider(seed);
  }
  for (const Prefix& prefix : kPrefixes) {
    const std::optional<std::string_view> rest = after(seed, prefix.text);
    if (!rest) continue;
    const std::string_view target = target_of(prefix.kind, *rest);
    if (target.empty()) return bad(seed, "nothing stands behind " + std::string(prefix.text));
    return checked({prefix.kind, std::string(seed), std::string(target)});
  }
  const bool literal = Address::parse(without_node_name(seed), kDefaultPort).has_value();
  if (!literal) {
    const Expected<void> known = check_kind(seed);
    if (!known) return tl::unexpected<Error>(known.error());
  }
  if (std::any_of(seed.begin(), seed.end(), is_blank)) return bad(seed, "an address has no blanks");
  return checked({literal ? Kind::Address : Kind::Name, std::string(seed), std::string(seed)});
}

std::string doubt_about(const SeedSpec& seed) {
  if (seed.kind != Kind::Address && seed.kind != Kind::Name) return {};
  const std::string_view place = without_node_name(seed.target);
  const std::string port = ":" + std::to_string(kDefaultPort);
  if (place.starts_with('[') || !place.ends_with(port)) return {};
  const std::string_view host = place.substr(0, place.size() - port.size());
  const Expected<IpAddress> ip = IpAddress::parse(host);
  if (!ip || host.find(':') == std::string_view::npos) return {};
  return "seed \"" + seed.text + "\" is an IPv6 address without a port; write [" +
         std::string(host) + "]" + port + " if " + port.substr(1) + " is meant to be its port";
}

std::string_view to_string(SeedSpec::Kind kind) {
  switch (kind) {
    case Kind::Address: return "address";
    case Kind::Name: return "name";
    case Kind::Service: return "service";
    case Kind::Script: return "script";
    case Kind::File: return "file";
    case Kind::Mdns: return "mdns";
  }
  return "";
}

}  // namespace gossip::config
