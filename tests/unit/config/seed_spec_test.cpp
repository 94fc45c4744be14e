#include "config/seed_spec.h"

#include <doctest/doctest.h>

namespace gossip::config {
namespace {

using Kind = SeedSpec::Kind;

SeedSpec parsed(std::string_view text) {
  const Expected<SeedSpec> spec = parse_seed(text);
  REQUIRE_MESSAGE(spec.has_value(), (spec ? "" : spec.error().message));
  return *spec;
}

std::string refusal(std::string_view text) {
  const Expected<SeedSpec> spec = parse_seed(text);
  REQUIRE_FALSE(spec.has_value());
  return spec.error().message;
}

TEST_CASE("an address stays what it is, a name is looked up") {
  CHECK(parsed("10.0.0.1") == SeedSpec{Kind::Address, "10.0.0.1", "10.0.0.1"});
  CHECK(parsed("[2001:db8::1]:7000").kind == Kind::Address);
  CHECK(parsed("2001:db8::1").kind == Kind::Address);
  CHECK(parsed("db-1/10.0.0.1:7946").kind == Kind::Address);
  CHECK(parsed(" seed.example.org:7946 ") ==
        SeedSpec{Kind::Name, "seed.example.org:7946", "seed.example.org:7946"});
  CHECK(parsed("localhost").kind == Kind::Name);
}

TEST_CASE("what looks like an address or a name and can be neither is told at once") {
  for (const char* text :
       {"10.0.0.300", "1.2.3", "10.0.0.300:7946", "dns+1.2.3.4.5", "db/1.2.3", "7946"})
    CHECK(refusal(text).find(" is no IPv4 address, which is four numbers") != std::string::npos);
  for (const char* text : {"db/", "[]:7946", "dns+[]"})
    CHECK(refusal(text) == "seed \"" + std::string(text) + "\": the host is missing");
  for (const char* text : {"a..b", ".a", "a..b:7946"})
    CHECK(refusal(text).find(" has nothing between two dots") != std::string::npos);
  for (const char* text : {"-x", "dns+-x"})
    CHECK(refusal(text) ==
          "seed \"" + std::string(text) + "\": \"-x\" begins with a dash, as no name does");
  CHECK(
      refusal("::1:17946") ==
      "seed \"::1:17946\": \"::1:17946\" is no IPv6 address; with a port it is written [::1]:7946");
  CHECK(refusal("fe80::g%eth0").find(" is no IPv6 address") != std::string::npos);
  CHECK(parsed("[fe80::1%eth0]:7946").kind == Kind::Name);
  CHECK(parsed("a.example.").kind == Kind::Name);
  CHECK(parsed("1a.2").kind == Kind::Name);
  CHECK(parsed("dns+10.0.0.1").kind == Kind::Name);
  CHECK(parsed("x-y_z").kind == Kind::Name);
}

TEST_CASE("an IPv6 address that ends in our port is taken as it stands, and doubted") {
  CHECK(parsed("::1:7946").kind == Kind::Address);
  CHECK(doubt_about(parsed("::1:7946")) ==
        "seed \"::1:7946\" is an IPv6 address without a port; write [::1]:7946 if 7946 is meant to "
        "be its port");
  CHECK_FALSE(doubt_about(parsed("db/fd00::5:7946")).empty());
  for (const char* text : {"[::1]:7946", "::1", "::1:1234", "10.0.0.1:7946", "a:7946", "fd00::7946",
                           "exec=::1:7946", "1:2:3:4:5:6:7:7946"})
    CHECK(doubt_about(parsed(text)).empty());
}

TEST_CASE("the spellings of the ecosystem") {
  CHECK(parsed("dns+a.example:7").target == "a.example:7");
  CHECK(parsed("dns+a.example:7").kind == Kind::Name);
  CHECK(parsed("dnssrv+_gossip._tcp.example.org") ==
        SeedSpec{Kind::Service, "dnssrv+_gossip._tcp.example.org", "_gossip._tcp.example.org"});
  CHECK(parsed("dnssrvnoa+_g._tcp.x").target == "_g._tcp.x");
  CHECK(parsed("srv:_g._tcp.x").kind == Kind::Service);
  CHECK(parsed("exec=/usr/bin/find-peers --zone 'a b'") ==
        SeedSpec{Kind::Script, "exec=/usr/bin/find-peers --zone 'a b'",
                 "/usr/bin/find-peers --zone 'a b'"});
  CHECK(parsed("exec=discover -q addrs provider=aws tag_key=x").target ==
        "discover -q addrs provider=aws tag_key=x");
  CHECK(parsed("file:/run/seeds") == SeedSpec{Kind::File, "file:/run/seeds", "/run/seeds"});
  CHECK(parsed("file:///run/seeds").target == "/run/seeds");
  CHECK(parsed("file:seeds").target == "seeds");
  CHECK(parsed("mdns:home") == SeedSpec{Kind::Mdns, "mdns:home", "home"});
}

TEST_CASE("providers, with go-discover's quotes") {
  CHECK(parsed("provider=dns name=a.example port=7").target == "a.example:7");
  CHECK(parsed("name=a.example provider=dns").kind == Kind::Name);
  CHECK(parsed("provider=srv service=gossip domain=example.org").target ==
        "_gossip._tcp.example.org");
  CHECK(parsed("provider=srv service=gossip proto=udp domain=x").target == "_gossip._udp.x");
  const SeedSpec script = parsed(R"(provider=exec command="/bin/x \"a\\b\" c")");
  CHECK(script.kind == Kind::Script);
  CHECK(script.target == R"(/bin/x "a\b" c)");
  CHECK(parsed("provider=file path=\"/run/a b\"").target == "/run/a b");
  CHECK(parsed("provider=mdns cluster=home").kind == Kind::Mdns);
}

TEST_CASE("a provider of a cloud is named with what to do instead") {
  for (const char* seed : {R"(provider=k8s label_selector="app=web,component=db" namespace="x")",
                           R"(provider=k8s namespace=vault label_selector="a=b,c=d")"}) {
    const std::string text = refusal(seed);
    CHECK(text.find("exec=discover -q addrs " + std::string(seed)) != std::string::npos);
    CHECK(text.find("dns, srv, exec, file and mdns") != std::string::npos);
  }
}

TEST_CASE("what makes no sense is refused and says why") {
  CHECK(refusal("") == "a seed is empty");
  CHECK(refusal("  ") == "a seed is empty");
  CHECK(refusal("a b") == "seed \"a b\": an address has no blanks");
  CHECK(refusal("dns+") == "seed \"dns+\": nothing stands behind dns+");
  CHECK(refusal("exec= ") == "seed \"exec=\": nothing stands behind exec=");
  CHECK(refusal("provider=dns") == "seed \"provider=dns\": \"name\" is missing");
  CHECK(refusal("provider=dns name=a name=b").find("\"name\" stands there twice") !=
        std::string::npos);
  CHECK(refusal("provider=dns name=a x=b").find("knows no \"x\"") != std::string::npos);
  CHECK(refusal("provider=dns name=\"a").find("a quote is not closed") != std::string::npos);
  CHECK(refusal("provider=dns name").find("\"name\" has no value") != std::string::npos);
  CHECK(refusal("provider=dns =a").find("expected key=value") != std::string::npos);
  CHECK(refusal(std::string_view("a\0b", 3)).find("NUL") != std::string::npos);
}

TEST_CASE("a misspelt kind is no host, and the one that was meant is told") {
  const auto meant = [](std::string_view seed) {
    const std::string text = refusal(seed);
    const std::string begin = "seed \"" + std::string(seed) + "\": there is no seed kind \"";
    REQUIRE_MESSAGE(text.starts_with(begin), text);
    return text.substr(begin.size());
  };
  CHECK(meant("file=/run/seeds") == "file=\", did you mean file:/run/seeds?");
  CHECK(meant("fiel:/run/seeds") == "fiel:\", did you mean file:/run/seeds?");
  CHECK(meant("File:/run/seeds") == "File:\", did you mean file:/run/seeds?");
  CHECK(meant("dns=seed.example:7946") == "dns=\", did you mean dns+seed.example:7946?");
  CHECK(meant("dns:seed.example") == "dns:\", did you mean dns+seed.example?");
  CHECK(meant("dns://seed.example") == "dns://\", did you mean dns+seed.example?");
  CHECK(meant("srv+_g._tcp.example") == "srv+\", did you mean srv:_g._tcp.example?");
  CHECK(meant("dnsrv+_g._tcp.example") == "dnsrv+\", did you mean dnssrv+_g._tcp.example?");
  CHECK(meant("exec+/bin/peers -a") == "exec+\", did you mean exec=/bin/peers -a?");
  CHECK(meant("mdns=home") == "mdns=\", did you mean mdns:home?");
  CHECK(meant("provder=dns name=x") == "provder=\", did you mean provider=dns name=x?");
  const std::string kinds =
      "; a seed is host[:port], or begins with dns+, dnssrv+, srv:, exec=, file:, mdns: or "
      "provider=";
  CHECK(meant("http://seed.example/peers") == "http://\"" + kinds);
  CHECK(meant("consul+seed.example") == "consul+\"" + kinds);
  CHECK(meant("k8s=/x") == "k8s=\"" + kinds);
}

TEST_CASE("hosts, ports and names of members that look a little like a kind are none") {
  for (const std::string host :
       {"file", "dns:53", "srv.example:7946", "exec", "mdns", "provider", "dns/seed.example",
        "db=1/seed.example", "db+1/seed.example:7946", "a:b/seed.example", "fiel:/10.0.0.1",
        "face::1", "fe80::1%eth0", "dead:beef::1"}) {
    CAPTURE(host);
    const SeedSpec::Kind kind = parsed(host).kind;
    CHECK((kind == Kind::Name || kind == Kind::Address));
  }
  CHECK(refusal("db:x").find("is not a number from 1 to 65535") != std::string::npos);
}

TEST_CASE("what can never be looked up is refused before the first attempt") {
  for (const char* const port :
       {"h:99999", "10.0.0.1:0", "h:", "n/h:x", "[::1]:70000", "dns+h:70000"}) {
    CAPTURE(port);
    CHECK(refusal(port).find("is not a number from 1 to 65535") != std::string::npos);
  }
  CHECK(refusal("provider=dns name=a port=0").find("1 to 65535") != std::string::npos);
  CHECK(refusal("[::1") == "seed \"[::1\": brackets do not match");
  CHECK(refusal("[::1]x") == "seed \"[::1]x\": a colon is due after the bracket");
  CHECK(refusal(":7946") == "seed \":7946\": the host is missing");
  for (const char* const fine :
       {"::1", "2001:db8::1", "n/[::1]:1", "h:65535", "file:/a:b", "srv:x"}) {
    CAPTURE(fine);
    CHECK(parse_seed(fine).has_value());
  }
}

}  // namespace
}  // namespace gossip::config
