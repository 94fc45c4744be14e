// What flags and files say, before anybody checks it: one member for each option, as written. The table in
// options.h fills it, later sources over earlier ones; validate.h makes an AgentConfig of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gossip/config.h"

namespace gossip::config {

struct Settings {
  std::string node_name;
  std::string role;  // Serf's old way to say the tag "role"
  Tags tags;
  std::string tags_file;
  std::string bind = "0.0.0.0";
  std::string advertise;
  std::string interface;
  std::string profile = "lan";
  std::int64_t protocol = kMaxSerfProtocol;

  std::vector<std::string> start_join;
  std::vector<std::string> retry_join;
  Duration retry_interval = std::chrono::seconds(30);
  Duration seed_refresh = std::chrono::minutes(1);
  std::int64_t retry_max_attempts = 0;
  std::string snapshot_path;

  std::string discover;
  std::string mdns_interface;
  bool mdns_disable_ipv4 = false;
  bool mdns_disable_ipv6 = false;
  bool replay_on_join = false;
  bool rejoin_after_leave = false;

  std::string encrypt_key;
  std::string encrypt_key_file;
  std::string keyring_file;
  std::string label;

  std::vector<std::string> rpc_addr;
  std::string rpc_auth;
  std::string rpc_auth_file;
  std::string rpc_mode = "0600";
  std::string rpc_group;
  std::vector<std::string> rpc_uids;
  std::vector<std::string> rpc_gids;
  std::int64_t rpc_max_clients = 256;

  std::vector<std::string> event_handlers;
  Duration handler_timeout = std::chrono::seconds(30);
  std::int64_t handler_queue = 1024;
  bool coalesce_members = true;
  bool coalesce_events = true;

  std::string metrics_addr;
  std::string statsd_addr;
  std::string statsite_addr;

  std::string log_level = "info";
  std::string log_output = "stderr";
  std::string syslog_facility = "LOCAL0";
  bool syslog = false;
  std::string ready_when;  // "": joined where there are seeds, else started
  bool leave_on_terminate = false;
  bool skip_leave_on_interrupt = false;

  bool compression = true;
  bool disable_name_resolution = false;
  bool disable_coordinates = false;
  bool eager_push = true;
  bool take_new_address = true;
  Timing timing;  // what has an origin counts, the rest is the profile's
  std::int64_t max_members = Config{}.max_members;
  std::int64_t max_queue_depth = Config{}.max_queue_depth;
  std::int64_t event_buffer = Config{}.event_buffer;
  std::int64_t user_event_size_limit = 512;
  std::int64_t query_size_limit = 1024;
  std::int64_t query_response_size_limit = 1024;

  // By key (by flag where an option has no key): where the value came from; of lists and tags that add up all
  // sources in their order, else the one that won.
  std::map<std::string, std::vector<std::string>, std::less<>> origins;
  // By key of a list: where each of its elements came from, in their order.
  std::map<std::string, std::vector<std::string>, std::less<>> element_origins;
  std::vector<std::string> files;  // that were read, in order
  std::vector<std::string> warnings;
};

}  // namespace gossip::config
