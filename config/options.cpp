#include "config/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/go_duration.h"
#include "base/overloaded.h"
#include "config/origins.h"

namespace gossip::config {
namespace {

using enum Group;
using S = Settings;
using T = Timing;
constexpr Duration kNone = Duration::zero();
constexpr Duration kMoment = std::chrono::milliseconds(1);  // no timer may ring all the time

// clang-format off
constexpr auto kOptions = std::to_array<Option>({
    {"node_name", "node", "NAME", Node, "unique name in the cluster (default: the host's name)", &S::node_name},
    {"bind", "bind", "ADDR[:PORT]", Node, "gossip address, UDP and TCP (default 0.0.0.0, port 7946)", &S::bind},
    {"interface", "iface", "NAME", Node, "bind to this interface's address, or check that it has it", &S::interface},
    {"advertise", "advertise", "ADDR[:PORT]", Node, "address told to others", &S::advertise},
    {"tags", "tag", "KEY=VALUE", Node, "a tag of this node; repeats", &S::tags},
    {"role", "role", "ROLE", Node, "old form of --tag role=ROLE", &S::role},
    {"tags_file", "tags-file", "PATH", Node, "keeps the tags over restarts; not together with --tag", &S::tags_file},
    {"profile", "profile", "NAME", Node, "timing: lan, wan or local (default lan)", &S::profile},
    {"protocol", "protocol", "N", Node, "Serf protocol version, 2 to 5 (default 5)", &S::protocol},

    {"start_join", "join", "ADDR", Joining, "join this address at start, or exit; repeats", List{&S::start_join, Lists::Add}},
    {"retry_join", "retry-join", "SEED", Joining, "find members through this seed, for life; repeats (kinds: gossipd.toml(5))", List{&S::retry_join, Lists::Add}},
    {"retry_interval", "retry-interval", "TIME", Joining, "a lone agent pauses up to about so long between attempts, at least 1s (default 30s)", &S::retry_interval},
    {"seed_refresh", "", "TIME", Joining, "names of seeds are looked up again in a whole cluster; 0s: never (default 1m)", &S::seed_refresh},
    {"retry_max_attempts", "retry-max", "N", Joining, "retries while nobody was ever met, then exit (default 0: no limit)", &S::retry_max_attempts},
    {"replay_on_join", "replay", "", Joining, "deliver user events from before the join", &S::replay_on_join},
    {"snapshot_path", "snapshot", "PATH", Joining, "remembers members and clocks over restarts, and rejoins", &S::snapshot_path},
    {"rejoin_after_leave", "rejoin", "", Joining, "rejoin from the snapshot even after a leave", &S::rejoin_after_leave},

    {"discover", "discover", "NAME", Joining, "find and join members of this mDNS cluster", &S::discover},
    {"mdns.interface", "mdns-iface", "NAME", Joining, "interface for mDNS (default: --iface, else that of the advertised address)", &S::mdns_interface},
    {"mdns.disable_ipv4", "mdns-disable-ipv4", "", Joining, "no mDNS over IPv4", &S::mdns_disable_ipv4},
    {"mdns.disable_ipv6", "mdns-disable-ipv6", "", Joining, "no mDNS over IPv6", &S::mdns_disable_ipv6},

    {"encrypt_key", "encrypt", "KEY", Encryption, "base64 key of 16, 24 or 32 bytes (visible in ps)", &S::encrypt_key, Shown::Masked},
    {"encrypt_key_file", "encrypt-file", "PATH", Encryption, "the same key from the first line of a file, or fd:N", &S::encrypt_key_file},
    {"keyring_file", "keyring-file", "PATH", Encryption, "JSON list of base64 keys, the first one encrypts", &S::keyring_file},
    {"label", "label", "TEXT", Encryption, "cluster label: packets with another one are dropped", &S::label},

    {"rpc_addr", "rpc-addr", "ADDR", Rpc, "unix:///path, /path, ./path or host:port; repeats; replaces the default socket", List{&S::rpc_addr, Lists::Replace}},
    {"rpc_auth_file", "rpc-auth-file", "PATH", Rpc, "file whose first line every client must present, or fd:N", &S::rpc_auth_file},
    {"rpc_auth", "", "TEXT", Rpc, "the same, in a configuration file", &S::rpc_auth, Shown::Masked},
    {"rpc_mode", "rpc-mode", "MODE", Rpc, "permissions of the Unix socket (default 0600)", &S::rpc_mode},
    {"rpc_group", "rpc-group", "GROUP", Rpc, "group of the Unix socket", &S::rpc_group},
    {"rpc_uids", "rpc-uid", "USER", Rpc, "user who may use the Unix socket, beside root and our own; repeats", List{&S::rpc_uids, Lists::Replace}},
    {"rpc_gids", "rpc-gid", "GROUP", Rpc, "group that may use the Unix socket (default: the socket's); repeats", List{&S::rpc_gids, Lists::Replace}},
    {"rpc_max_clients", "rpc-max-clients", "N", Rpc, "clients at one time, 1 to 65536 (default 256)", &S::rpc_max_clients},

    {"event_handlers", "event-handler", "[EVENTS=]COMMAND", Events, "run this at events, e.g. member-join,user:deploy=./run.sh; repeats", List{&S::event_handlers, Lists::Add}},
    {"handler_timeout", "handler-timeout", "TIME", Events, "a handler that runs longer is ended, at least 1s (default 30s)", &S::handler_timeout},
    {"handler_queue", "handler-queue", "N", Events, "events that wait for one handler, 1 to 65536 (default 1024)", &S::handler_queue},
    {"coalesce_members", "", "", Events, "gather member events for handlers and streams (default true)", &S::coalesce_members},
    {"coalesce_events", "", "", Events, "gather user events whose sender allows it (default true)", &S::coalesce_events},

    {"log_level", "log-level", "LEVEL", Running, "trace, debug, info, warn or err (default info)", &S::log_level},
    {"log_output", "log-output", "STREAM", Running, "stderr or stdout (default stderr)", &S::log_output},
    {"enable_syslog", "syslog", "", Running, "log to syslog too", &S::syslog},
    {"syslog_facility", "", "NAME", Running, "KERN to FTP, LOCAL0 to LOCAL7 (default LOCAL0)", &S::syslog_facility},
    {"metrics_addr", "metrics-addr", "ADDR", Running, "answer /metrics, /healthz and /readyz there: host:port, unix:///path, /path or ./path", &S::metrics_addr},
    {"statsd_addr", "", "HOST:PORT", Running, "tell this statsd what Serf tells, over UDP", &S::statsd_addr},
    {"statsite_addr", "", "HOST:PORT", Running, "tell this statsite the same, over TCP", &S::statsite_addr},
    {"ready_when", "ready-when", "WHEN", Running, "when a service manager hears that we are: started, joined, members>=N", &S::ready_when},
    {"leave_on_terminate", "leave-on-terminate", "", Running, "SIGTERM leaves the cluster first (default where supervised)", &S::leave_on_terminate},
    {"skip_leave_on_interrupt", "skip-leave-on-interrupt", "", Running, "SIGINT ends at once", &S::skip_leave_on_interrupt},

    {"enable_compression", "", "", Tuning, "compress gossip (default true)", &S::compression},
    {"", "disable-compression", "", Tuning, "send gossip uncompressed", InverseSwitch{&S::compression}},
    {"broadcast_timeout", "broadcast-timeout", "TIME", Tuning, "how long a leave may take to spread, at least 1s (default 5s)", ProtocolPeriod{&T::broadcast_timeout, kNone}},
    {"reconnect_interval", "reconnect-interval", "TIME", Tuning, "between attempts to reach failed members (default 30s)", ProtocolPeriod{&T::reconnect_interval, kMoment}},
    {"reconnect_timeout", "reconnect-timeout", "TIME", Tuning, "failed members are forgotten after this (default 24h)", ProtocolPeriod{&T::reconnect_timeout, kNone, kLongestMemory}},
    {"tombstone_timeout", "tombstone-timeout", "TIME", Tuning, "members that left are forgotten after this (default 24h)", ProtocolPeriod{&T::tombstone_timeout, kNone, kLongestMemory}},
    {"restart_grace", "restart-grace", "TIME", Tuning, "a suspect that refuses connections for so long is dead; 0s: off (default 2s)", ProtocolPeriod{&T::restart_grace, kNone, kLongestPeriod}},
    {"user_event_size_limit", "", "BYTES", Tuning, "name and payload of a user event (default 512, at most 9216)", &S::user_event_size_limit},
    {"query_size_limit", "", "BYTES", Tuning, "an encoded query (default 1024)", &S::query_size_limit},
    {"query_response_size_limit", "", "BYTES", Tuning, "an encoded answer to a query (default 1024)", &S::query_response_size_limit},
    {"disable_name_resolution", "", "", Tuning, "log a name conflict, hold no vote", &S::disable_name_resolution},
    {"disable_coordinates", "", "", Tuning, "keep no network coordinates and tell none: no estimates of round trips", &S::disable_coordinates},

    {"eager_push", "", "", Tuning, "send news at once, not only at the next gossip (default true)", &S::eager_push},
    {"take_new_address", "", "", Tuning, "a failed member may come back at another address at once (default true)", &S::take_new_address},
    {"max_members", "", "N", Tuning, "names that are known at one time; further ones are refused (default 65536)", &S::max_members},
    {"max_queue_depth", "", "N", Tuning, "messages that wait to be spread; older ones give way (default 4096)", &S::max_queue_depth},
    {"event_buffer", "", "N", Tuning, "moments of which user events and queries are told from new ones (default 512)", &S::event_buffer},
    {"leave_propagate_delay", "", "TIME", Tuning, "how long a leaving member is expected to be heard of (default 1s)", ProtocolPeriod{&T::leave_propagate_delay, kNone}},
    {"recent_intent_timeout", "", "TIME", Tuning, "joins and leaves of unknown members are remembered so long (default 5m)", ProtocolPeriod{&T::recent_intent_timeout, kNone, kLongestMemory}},
    {"reap_interval", "", "TIME", Tuning, "between looks for members to forget (default 15s)", ProtocolPeriod{&T::reap_interval, kMoment}},
    {"queue_check_interval", "", "TIME", Tuning, "between looks at the queues' lengths (default 30s)", ProtocolPeriod{&T::queue_check_interval, kMoment}},

    // memberlist's names; the help's defaults are those of the lan profile.
    {"swim.probe_interval", "", "TIME", Swim, "between two probes, each of one member (default 1s)", ProtocolPeriod{&T::probe_interval, kMoment, kLongestProbe}},
    {"swim.probe_timeout", "", "TIME", Swim, "for the answer, before others are asked to probe (default 500ms)", ProtocolPeriod{&T::probe_timeout, kMoment, kLongestProbe}},
    {"swim.indirect_checks", "", "N", Swim, "how many others are asked then (default 3)", ProtocolCount{&T::indirect_checks, 0, kMaxFanout}},
    {"swim.tcp_timeout", "", "TIME", Swim, "for a connection and what is said on it (default 10s)", ProtocolPeriod{&T::tcp_timeout, kMoment}},
    {"swim.suspicion_mult", "", "N", Swim, "longer suspicions: probe intervals times log10 of the members times this (default 4)", ProtocolCount{&T::suspicion_mult, 1, kMaxSuspicionMult}},
    {"swim.suspicion_max_timeout_mult", "", "N", Swim, "so many times longer while nobody else suspects the member (default 6)", ProtocolCount{&T::suspicion_max_timeout_mult, 1, kMaxSuspicionMult}},
    {"swim.awareness_max_multiplier", "", "N", Swim, "an agent that hears badly is at most so many times more patient (default 8)", ProtocolCount{&T::awareness_max_multiplier, 1, kMaxFanout}},
    {"swim.gossip_interval", "", "TIME", Swim, "between two rounds of gossip (default 200ms)", ProtocolPeriod{&T::gossip_interval, kMoment}},
    {"swim.gossip_nodes", "", "N", Swim, "members told in a round (default 3)", ProtocolCount{&T::gossip_nodes, 1, kMaxFanout}},
    {"swim.gossip_to_the_dead_time", "", "TIME", Swim, "failed members are told so long, to refute it (default 30s)", ProtocolPeriod{&T::gossip_to_the_dead_time, kNone, kLongestMemory}},
    {"swim.retransmit_mult", "", "N", Swim, "copies of each message: this times log10 of the members (default 4)", ProtocolCount{&T::retransmit_mult, 1, kMaxFanout}},
    {"swim.push_pull_interval", "", "TIME", Swim, "between full exchanges with one member (default 30s)", ProtocolPeriod{&T::push_pull_interval, kMoment}},

    // Serf's, and not (yet) ours; none changes the cluster's work.
    {"validate_node_names", "", "", None, "", Unsupported{true, "Serf reads this and does nothing; so does this version"}},
});
// clang-format on

std::string describe(const Value& value) {
  return std::visit(base::Overloaded{
                        [](const std::string& text) { return "the text \"" + text + "\""; },
                        [](bool on) { return std::string(on ? "true" : "false"); },
                        [](std::int64_t number) { return "the number " + std::to_string(number); },
                        [](const Strings&) { return std::string("a list"); },
                        [](const Tags&) { return std::string("a table"); },
                        [](const Other& other) { return other.description; },
                    },
                    value);
}

bool says_nothing(const Value& value) {
  return std::visit(base::Overloaded{
                        [](const std::string& text) { return text.empty(); },
                        [](bool on) { return !on; },
                        [](std::int64_t number) { return number == 0; },
                        [](const Strings& list) { return list.empty(); },
                        [](const Tags& map) { return map.empty(); },
                        [](const Other&) { return false; },
                    },
                    value);
}

// One value on its way into one option.
struct Assignment {
  Settings& settings;
  const Option& option;
  const Value& value;
  const std::string& origin;
  std::span<const std::string> element_origins;

  [[nodiscard]] tl::unexpected<Error> wrong(const std::string& text) const {
    const auto* const other = std::get_if<Other>(&value);
    const std::string& at = other != nullptr && !other->origin.empty() ? other->origin : origin;
    return fail(ErrorCode::InvalidArgument, blame(at, name_of(option)) + ": " + text);
  }
  [[nodiscard]] tl::unexpected<Error> expected(std::string_view what) const {
    const std::string text = "expected " + std::string(what);
    // A token may be a number.
    return wrong(option.shown == Shown::Masked ? text : text + ", got " + describe(value));
  }

  template <typename T>
  [[nodiscard]] Expected<void> take(T Settings::*member, std::string_view what) const {
    const T* typed = std::get_if<T>(&value);
    if (typed == nullptr) return expected(what);
    settings.*member = *typed;
    return {};
  }

  Expected<void> operator()(Text member) const { return take(member, "text in quotes"); }
  Expected<void> operator()(Switch member) const { return take(member, "true or false"); }
  Expected<void> operator()(Number member) const { return take(member, "a whole number"); }

  Expected<void> operator()(InverseSwitch inverse) const {
    Expected<void> taken = take(inverse.member, "true or false");
    if (taken) settings.*inverse.member = !(settings.*inverse.member);
    return taken;
  }

  [[nodiscard]] Expected<void> take_duration(Duration& target, Duration least,
                                             Duration most) const {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return expected("a duration such as \"30s\"");
    const Expected<Duration> duration = base::parse_go_duration(*text);
    if (!duration) return wrong(duration.error().message);
    if (*duration < Duration::zero()) return wrong("\"" + *text + "\" is negative");
    if (*duration < least) {
      return wrong("\"" + *text + "\" is too short, at least " + base::format_go_duration(least));
    }
    if (*duration > most) {
      return wrong("\"" + *text + "\" is too long, at most " + base::format_go_duration(most));
    }
    target = *duration;
    return {};
  }
  Expected<void> operator()(Period member) const {
    return take_duration(settings.*member, Duration::zero(), kLongestPeriod);
  }
  Expected<void> operator()(const ProtocolPeriod& period) const {
    return take_duration(settings.timing.*period.member, period.least, period.most);
  }
  Expected<void> operator()(const ProtocolCount& count) const {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr) return expected("a whole number");
    if (*number < count.least || *number > count.most) {
      return wrong("must be between " + std::to_string(count.least) + " and " +
                   std::to_string(count.most));
    }
    settings.timing.*count.member = static_cast<std::uint32_t>(*number);
    return {};
  }

  Expected<void> operator()(TagMap member) const {
    const auto* tags = std::get_if<Tags>(&value);
    if (tags == nullptr) return expected("a table of texts");
    for (const auto& [key, text] : *tags)
      (settings.*member)[key] = text;
    return {};
  }

  Expected<void> operator()(const List& list) const {
    Strings& target = settings.*list.member;
    Strings items;
    if (const auto* one = std::get_if<std::string>(&value)) {
      items.push_back(*one);
    } else if (const auto* many = std::get_if<Strings>(&value)) {
      items = *many;
    } else {
      return expected("a list of texts");
    }
    Strings& origins = settings.element_origins[std::string(name_of(option))];
    // A flag that repeats is one source.
    if (list.how == Lists::Replace && !said_before()) {
      target.clear();
      origins.clear();
    }
    target.insert(target.end(), items.begin(), items.end());
    if (element_origins.size() == items.size()) {
      origins.insert(origins.end(), element_origins.begin(), element_origins.end());
    }
    origins.resize(target.size(), origin);
    return {};
  }

  [[nodiscard]] bool said_before() const {
    const auto before = settings.origins.find(name_of(option));
    return before != settings.origins.end() && before->second.back() == origin;
  }

  Expected<void> operator()(const Unsupported& unsupported) const {
    if (says_nothing(value)) return {};
    settings.warnings.push_back(wrong(std::string(unsupported.why)).value().message);
    return {};
  }
};

std::optional<bool> truth(std::string_view text) {
  // What Go's flags take.
  constexpr std::array<std::string_view, 6> kTrue{"true", "1", "t", "T", "TRUE", "True"};
  constexpr std::array<std::string_view, 6> kFalse{"false", "0", "f", "F", "FALSE", "False"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

const Option* find(std::string_view Option::*name, std::string_view wanted) {
  const auto* at = std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& o) {
    return !wanted.empty() && o.*name == wanted;
  });
  return at == kOptions.end() ? nullptr : at;
}

bool adds_up(const Option& option) {
  const auto* list = std::get_if<List>(&option.target);
  return std::holds_alternative<TagMap>(option.target) ||
         (list != nullptr && list->how == Lists::Add);
}

// The option whose value this one sets: itself, or the switch that it inverts.
const Option& set_by(const Option& option) {
  const auto* inverse = std::get_if<InverseSwitch>(&option.target);
  if (inverse == nullptr) return option;
  return *std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& other) {
    const auto* member = std::get_if<Switch>(&other.target);
    return member != nullptr && *member == inverse->member;
  });
}

void note_origin(Settings& settings, const Option& option, const std::string& origin) {
  std::vector<std::string>& origins = settings.origins[std::string(name_of(set_by(option)))];
  if (!adds_up(option)) origins.clear();
  if (origins.empty() || origins.back() != origin) origins.push_back(origin);
}

}  // namespace

std::span<const Option> options() {
  return kOptions;
}

const Option* find_key(std::string_view key) {
  return find(&Option::key, key);
}
const Option* find_flag(std::string_view flag) {
  return find(&Option::flag, flag);
}

bool is_section(std::string_view key) {
  return std::any_of(kOptions.begin(), kOptions.end(), [&](const Option& option) {
    return !key.empty() && option.key.size() > key.size() &&
           option.key.substr(0, key.size()) == key && option.key[key.size()] == '.';
  });
}

bool is_switch(const Option& option) {
  if (const auto* unsupported = std::get_if<Unsupported>(&option.target)) {
    return unsupported->is_switch;
  }
  return std::holds_alternative<Switch>(option.target) ||
         std::holds_alternative<InverseSwitch>(option.target);
}

bool is_number(const Option& option) {
  return std::holds_alternative<Number>(option.target) ||
         std::holds_alternative<ProtocolCount>(option.target);
}

std::string_view name_of(const Option& option) {
  return option.key.empty() ? option.flag : option.key;
}

std::vector<std::string_view> changed(const Settings& before, const Settings& after) {
  const auto differs = [&](auto member) { return before.*member != after.*member; };
  const auto differs_in = [&](auto member) {
    return before.timing.*member != after.timing.*member;
  };
  std::vector<std::string_view> names;
  for (const Option& option : kOptions) {
    const bool other =
        std::visit(base::Overloaded{
                       [&](const List& list) { return differs(list.member); },
                       [](const InverseSwitch&) { return false; },  // its member's own row tells
                       [](const Unsupported&) { return false; },
                       [&](const ProtocolPeriod& period) { return differs_in(period.member); },
                       [&](const ProtocolCount& count) { return differs_in(count.member); },
                       [&](auto member) { return differs(member); },
                   },
                   option.target);
    if (other) names.push_back(name_of(option));
  }
  return names;
}

Expected<void> apply(Settings& settings, const Option& option, const Value& value,
                     const std::string& origin, std::span<const std::string> element_origins) {
  Expected<void> done =
      std::visit(Assignment{settings, option, value, origin, element_origins}, option.target);
  if (done) note_origin(settings, option, origin);
  return done;
}

Expected<Value> value_from_text(const Option& option, const std::string& text,
                                const std::string& origin) {
  const auto bad = [&](std::string_view what) {
    return fail(ErrorCode::InvalidArgument,
                origin + ": \"" + text + "\" is not " + std::string(what));
  };
  if (is_switch(option)) {
    if (const std::optional<bool> on = truth(text)) return Value(*on);
    return bad("true or false");
  }
  if (is_number(option)) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stopped != end) return bad("a whole number");
    return Value(number);
  }
  if (std::holds_alternative<TagMap>(option.target)) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) return bad("a tag in the form key=value");
    return Value(Tags{{text.substr(0, equals), text.substr(equals + 1)}});
  }
  return Value(text);
}

}  // namespace gossip::config
