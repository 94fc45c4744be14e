#include "agent/reload.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

TEST_CASE("a reload changes only the tags that the configuration changed") {
  const Tags current{{"role", "web"}, {"set-by-rpc", "1"}, {"dc", "east"}};
  const Tags before{{"role", "web"}, {"dc", "east"}};
  CHECK(merge_tags(current, before, before) == current);
  CHECK(merge_tags(current, before, {{"role", "db"}, {"dc", "east"}}) ==
        Tags{{"role", "db"}, {"set-by-rpc", "1"}, {"dc", "east"}});
  CHECK(merge_tags(current, before, {{"role", "web"}}) ==
        Tags{{"role", "web"}, {"set-by-rpc", "1"}});
  CHECK(merge_tags(current, before, {{"role", "web"}, {"dc", "east"}, {"new", "x"}}).at("new") ==
        "x");
}

TEST_CASE("a tag that RPC has changed keeps that value while the files say what they said") {
  const Tags files{{"role", "web"}};
  CHECK(merge_tags({{"role", "db"}}, files, files) == Tags{{"role", "db"}});
  CHECK(merge_tags({}, files, files).empty());
}

TEST_CASE("what a reload cannot take over is named") {
  config::AgentConfig before;
  config::AgentConfig now = before;
  now.settings.log_level = "debug";
  now.settings.tags = {{"a", "b"}};
  now.settings.leave_on_terminate = true;
  now.settings.event_handlers = {"x.sh"};
  now.settings.handler_timeout = std::chrono::seconds(5);
  now.settings.handler_queue = 5;
  now.settings.coalesce_members = now.settings.coalesce_events = false;
  CHECK(waiting_for_restart(before, now).empty());
  now.settings.bind = "127.0.0.1";
  now.settings.rpc_addr = {"/x.sock"};
  CHECK(waiting_for_restart(before, now) == std::vector<std::string_view>{"bind", "rpc_addr"});
}

TEST_CASE("a key file with another key in it waits for a restart") {
  config::AgentConfig before;
  config::AgentConfig now = before;
  now.node.encryption_keys = {Bytes(16)};
  CHECK(waiting_for_restart(before, now) == std::vector<std::string_view>{"encryption keys"});
}

TEST_CASE("other settings that wait do not hide a key file with another key in it") {
  config::AgentConfig before;
  config::AgentConfig now = before;
  now.settings.bind = "127.0.0.1";
  now.node.encryption_keys = {Bytes(16)};
  now.rpc.auth_key = "other";
  CHECK(waiting_for_restart(before, now) ==
        std::vector<std::string_view>{"bind", "encryption keys", "RPC token"});
}

TEST_CASE("keys that came with a setting are named once, as that setting") {
  config::AgentConfig before;
  config::AgentConfig now = before;
  now.node.encryption_keys = {Bytes(16)};
  now.settings.keyring_file = "/ring";
  now.rpc.auth_key = "other";
  now.settings.rpc_auth = "other";
  CHECK(waiting_for_restart(before, now) ==
        std::vector<std::string_view>{"keyring_file", "rpc_auth"});
}

TEST_CASE("a reload tells what is new since the last one, and what still waits since the start") {
  config::AgentConfig start;
  start.settings.bind = "127.0.0.1";
  config::AgentConfig now = start;
  now.settings.log_level = "debug";
  now.settings.bind = "127.0.0.2";
  gossip::rpc::ReloadResponse changes = changes_between(start.settings, start, now);
  CHECK(changes.taken == std::vector<std::string>{"log_level"});
  CHECK(changes.restart == std::vector<std::string>{"bind"});
  changes = changes_between(now.settings, start, now);
  CHECK(changes.taken.empty());
  CHECK(changes.restart == std::vector<std::string>{"bind"});
}

TEST_CASE("the log says what became of a reload") {
  using Lines = std::vector<std::pair<LogLevel, std::string>>;
  CHECK(lines_about(gossip::rpc::ReloadResponse{}).empty());
  CHECK(lines_about(gossip::rpc::ReloadResponse{{"tags", "role"}, {"bind"}, {"w"}, {"f"}}) ==
        Lines{{LogLevel::Warn, "w"},
              {LogLevel::Error, "f"},
              {LogLevel::Info, "changed: tags, role"},
              {LogLevel::Warn, "changed, but only taken over by a restart: bind"}});
  CHECK(lines_about(fail(ErrorCode::InvalidArgument, "a.toml:1:1: no")) ==
        Lines{{LogLevel::Error, "nothing reloaded: a.toml:1:1: no"}});
  CHECK(lines_about(fail(ErrorCode::InvalidArgument, "a.toml:1:1: no\ncheck with: x")) ==
        Lines{{LogLevel::Error, "nothing reloaded: a.toml:1:1: no"},
              {LogLevel::Error, "nothing reloaded: check with: x"}});
  CHECK(trouble_in(fail(ErrorCode::InvalidArgument, "a\nb\ncheck with: x")) == "a\nb");
  CHECK(trouble_in(fail(ErrorCode::WrongState, "a")) == "a");
}

TEST_CASE("other seeds are taken over, another mDNS cluster among them is not") {
  config::AgentConfig before;
  config::AgentConfig now = before;
  now.settings.retry_join = {"a", "mdns:home"};
  now.settings.retry_interval = now.settings.seed_refresh = std::chrono::seconds(2);
  now.settings.retry_max_attempts = 1;
  CHECK(waiting_for_restart(before, now).empty());
  now.discovery.cluster = "home";
  CHECK(waiting_for_restart(before, now) == std::vector<std::string_view>{"discover"});
}

}  // namespace
}  // namespace gossip::agent
