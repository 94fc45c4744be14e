// How an agent starts: what it is made of is opened in its order, then it says so and begins to join.
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

#include "agent/banner.h"
#include "agent/daemon.h"
#include "agent/join_failures.h"
#include "agent/rpc/socket_file.h"
#include "agent/system/public_address.h"
#include "config/origins.h"
#include "rpc/endpoint.h"

namespace gossip::agent {
namespace {

int descriptor_of(config::LogOutput output) {
  return output == config::LogOutput::Stdout ? STDOUT_FILENO : STDERR_FILENO;
}

rpc::ListenerSettings listener_settings(const config::RpcConfig& config) {
  rpc::ListenerSettings settings;
  settings.addresses = config.addresses;
  settings.auth_key = config.auth_key;
  settings.socket_mode = config.socket_mode;
  settings.socket_group = config.socket_group;
  settings.allowed_users = config.allowed_users;
  settings.allowed_groups = config.allowed_groups;
  settings.max_clients = config.max_clients;
  return settings;
}

}  // namespace

Daemon::Daemon(uv_loop_t* loop, ConfigOrigin origin, config::AgentConfig config, SdNotify notify)
    : loop_(loop),
      origin_(std::move(origin)),
      config_(std::move(config)),
      last_settings_(config_.settings),
      name_check_(loop),
      output_(descriptor_of(config_.log_output)),
      log_(output_, config_.log_level, ring_),
      supervision_(
          std::move(notify), config_.ready_when, [this] { return count_members(); },
          [this](LogLevel level, const std::string& text) {
            log_.write(level, "agent: " + text);
          }) {}

Expected<void> Daemon::start() {
  Expected<void> logging = open_syslog();
  if (!logging) return logging;
  Expected<std::unique_ptr<runtime::Host>> host = runtime::Host::create(loop_, config_.node, *this);
  if (!host) return tl::unexpected<Error>(std::move(host.error()));
  host_ = std::move(*host);
  events_ = std::make_unique<EventFeed>(loop_, handles_, log_, *host_);
  metrics_ = std::make_unique<metrics::Metrics>(*host_, *events_,
                                                [this] { return supervision_.is_ready(); });
  control_ = std::make_unique<Control>(
      *host_, log_, *events_, config_.tags_file,
      [this](Control::LeaveDone done) { return leave(std::move(done)); },
      [this](Control::ReloadDone done) { reload(std::move(done)); });
  control_->attach(*metrics_);
  Expected<void> opened = open_handles();
  if (opened) opened = open_discovery();
  if (opened) opened = open_seeding();
  if (opened) opened = open_metrics();
  if (opened) opened = open_listener();
  // Last, since a failed start would have to wait for the look-up that it begins.
  if (opened) opened = metrics_->push(loop_, handles_, log_, config_.metrics);
  if (!opened) {
    close_handles();
    uv_run(loop_, UV_RUN_DEFAULT);  // until the loop has let go of them
    return opened;
  }
  say_running();
  host_->start();
  join_at_start();
  if (phase_ == Phase::Running) supervision_.started();
  return {};
}

Expected<void> Daemon::open_syslog() {
  if (!config_.syslog) return {};
  Syslog::Settings settings;
  settings.facility = *config_.syslog;
  if (origin_.line.habits == config::Habits::Serf) settings.tag = "serf";
  Expected<Syslog> syslog = Syslog::open(std::move(settings));
  if (!syslog) return tl::unexpected<Error>(std::move(syslog.error()));
  log_.add(std::move(*syslog));
  return {};
}

Expected<void> Daemon::open_handles() {
  const auto too_long = [](void* self) {
    auto* daemon = static_cast<Daemon*>(self);
    daemon->leave_took_too_long();
  };
  if (leave_limit_.open(loop_, handles_, too_long, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  Expected<void> opened = events_->open(config_);
  if (opened) opened = orphans_.open(loop_, handles_);
  if (opened) opened = supervision_.open(loop_, handles_);
  if (opened) opened = spare_memory_.open(loop_, handles_);
  if (!opened) return opened;
  return signals_.open(loop_, handles_, [this](int signal) { caught(signal); });
}

Expected<void> Daemon::open_listener() {
  rpc::ListenerSettings settings = listener_settings(config_.rpc);
  if (settings.addresses.empty()) {
    Expected<std::string> path = rpc::default_socket_path();
    if (!path) return tl::unexpected<Error>(std::move(path.error()));
    settings.addresses.push_back(std::move(*path));
  }
  Expected<std::unique_ptr<rpc::Listener>> listener =
      rpc::Listener::open(loop_, std::move(settings), *control_, ring_);
  if (!listener) {
    // GOSSIP_RPC_ADDR may be meant for gossipctl alone.
    const std::string from =
        config_.rpc.addresses.empty() ? "" : config::origin_of(config_.settings, "rpc_addr") + ": ";
    return fail(listener.error().code, from + listener.error().message);
  }
  listener_ = std::move(*listener);
  events_->attach(*listener_);
  metrics_->attach(*listener_);
  return {};
}

Expected<void> Daemon::open_metrics() {
  const std::string& address = config_.metrics.http_address;
  if (address.empty()) return {};
  const auto endpoint = gossip::rpc::parse_endpoint(address, std::nullopt);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  const bool has_file = std::holds_alternative<gossip::rpc::UnixEndpoint>(*endpoint);
  const auto options =
      rpc::socket_file_options(config_.rpc.socket_mode, has_file ? config_.rpc.socket_group : "");
  if (!options) return tl::unexpected<Error>(options.error());
  return metrics_->serve(loop_, handles_, *endpoint, *options);
}

Expected<void> Daemon::open_discovery() {
  if (config_.discovery.cluster.empty()) return {};
  Expected<std::unique_ptr<discovery::Discovery>> discovery = discovery::Discovery::open(
      {config_.discovery, config_.node.replay_on_join}, {loop_, handles_, *host_, log_});
  if (!discovery) return tl::unexpected<Error>(std::move(discovery.error()));
  discovery_ = std::move(*discovery);
  return {};
}

Expected<void> Daemon::open_seeding() {
  seeding_ = std::make_unique<seeds::Seeding>(
      seeds::Seeding::Surroundings{loop_, handles_, *host_, log_}, [this] { stop(Exit::Trouble); });
  if (discovery_ != nullptr) {
    seeding_->add_report([this] { return discovery_->report(); });
  }
  control_->attach(*seeding_);
  metrics_->attach(*seeding_);
  return seeding_->open();
}

void Daemon::say_running() {
  for (const std::string& line : banner(host_->engine().name(), host_->address(),
                                        listener_->addresses(), config_, origin_.line.habits)) {
    output_.write(line);
  }
  log_.write(LogLevel::Info, "agent: gossipd " GOSSIP_VERSION " starting");
  if (const std::string address = metrics_->http_address(); !address.empty()) {
    log_.write(LogLevel::Info, "agent: Metrics at " + address);
  }
  for (const std::string& file : config_.settings.files)
    log_.write(LogLevel::Info, "agent: Configuration from " + file);
  if (!config_.tags_file.empty()) {
    log_.write(LogLevel::Info, "agent: Restored " + std::to_string(config_.node.tags.size()) +
                                   " tag(s) from " + config_.tags_file);
  }
  if (!config_.node.keyring_path.empty()) {
    log_.write(LogLevel::Info, "agent: Restored keyring with " +
                                   std::to_string(config_.node.encryption_keys.size()) +
                                   " keys from " + config_.node.keyring_path);
  }
  for (const std::string& warning : config_.warnings) {
    log_.write(LogLevel::Warn, "agent: " + warning);
  }
  if (config_.node.encryption_keys.empty() && is_public(host_->address().local.advertised.ip)) {
    log_.write(LogLevel::Warn, "memberlist: Binding to public address without encryption!");
  }
}

void Daemon::join_at_start() {
  const std::vector<std::string>& contacts = config_.node.start_join_addrs;
  if (!contacts.empty()) {
    const bool replay = config_.node.replay_on_join == Replay::DeliverOld;
    output_.write(std::string("==> Joining cluster...(replay: ") + (replay ? "true)" : "false)"));
    const Expected<void> begun =
        control_->join_at_start(contacts, config_.node.replay_on_join,
                                [this](const JoinResult& result) { joined_at_start(result); });
    if (!begun) joined_at_start(JoinResult{0, {{"join", begun.error().message}}});
  }
  if (phase_ == Phase::Running && discovery_ != nullptr) discovery_->start();
  if (phase_ == Phase::Running) seeding_->set(config_);
}

void Daemon::joined_at_start(const JoinResult& result) {
  if (phase_ != Phase::Running) return;
  if (result.joined > 0) {
    output_.write("    Join completed. Synced with " + std::to_string(result.joined) +
                  " initial agents");
    return;
  }
  // In the log, of every level and syslog's too: it is why the agent ends.
  log_.write(LogLevel::Error, "agent: Error joining: " + describe(result.failures));
  stop(Exit::Trouble);
}

}  // namespace gossip::agent
