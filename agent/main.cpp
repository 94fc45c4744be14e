// gossipd: reads its command line and configuration, then runs one agent until it is told to stop.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

#include <uv.h>

#include "agent/daemon.h"
#include "agent/handlers/supervisor.h"
#include "agent/prepare.h"
#include "agent/system/logging.h"
#include "agent/system/spare_memory.h"
#include "base/out_of_memory.h"
#include "config/effective.h"
#include "config/flags.h"
#include "config/load.h"
#include "config/secrets.h"

namespace gossip::agent {
namespace {

constexpr const char* kVersion =
    "gossipd " GOSSIP_VERSION "\nSerf protocol 5 (understands back to 2), RPC version 1\n";

// What it quotes from files and flags may hold control characters.
void print_error(const std::string& line) {
  std::fprintf(stderr, "gossipd: %s\n", without_control_characters(line).c_str());
}

int complain(const Error& error) {
  print_error(error.message);
  return EXIT_FAILURE;
}

void warn(const config::AgentConfig& config) {
  for (const std::string& warning : config.warnings)
    print_error("warning: " + warning);
}

int complain(const config::Mistakes& mistakes) {
  for (const std::string& line : mistakes.lines())
    print_error(line);
  return EXIT_FAILURE;
}

int print(const std::string& text) {
  // What does not fit into the buffer fails before the rest of it is flushed.
  const bool taken = std::fputs(text.c_str(), stdout) >= 0;
  if (std::fflush(stdout) == 0 && taken) return EXIT_SUCCESS;
  print_error(std::string("cannot write to standard output: ") +
              std::generic_category().message(errno));
  return EXIT_FAILURE;
}

int check(const config::AgentConfig& config, const config::CommandLine& line) {
  warn(config);
  if (line.request == config::Request::PrintConfig) {
    return print(config::print_effective(config, line.format));
  }
  return print("The configuration is fine.\n");
}

int run(ConfigOrigin origin, config::AgentConfig config, const SdNotify::Variables& variables) {
  Expected<SdNotify> notify = SdNotify::open(variables);
  if (!notify) return complain(notify.error());
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0) {
    return complain({ErrorCode::System, "cannot make an event loop"});
  }
  int code = EXIT_FAILURE;
  {
    Daemon daemon(&loop, std::move(origin), std::move(config), std::move(*notify));
    const Expected<void> started = daemon.start();
    code = started ? daemon.run() : complain(started.error());
  }
  // The loop is busy only with a name that is still being looked up: the end does not wait for it.
  if (uv_loop_close(&loop) != 0) std::_Exit(code);
  return code;
}

int main(int count, char** values) {
  if (count == 3 && std::string_view(values[1]) == kRunHandlerFlag) return supervise(values[2]);
  keep_memory_small();
  const std::vector<std::string> args(values + (count > 0 ? 1 : 0), values + count);
  config::Mistakes mistakes;
  config::CommandLine line = config::parse_command_line(args, mistakes);
  if (count > 0) line.habits = config::habits_of(values[0]);
  if (line.request == config::Request::Help) return print(config::help_text());
  if (line.request == config::Request::Version) return print(kVersion);

  ConfigOrigin origin{std::move(line), config::read_environment(environ)};
  // No child of ours needs it.
  unsetenv(config::kEncryptKeyVariable);  // NOLINT(concurrency-mt-unsafe): as above
  config::AgentConfig config = config::load(origin.line, origin.environment, mistakes);
  const bool to_run = origin.line.request == config::Request::Run;
  prepare(config, to_run ? NameServer::MustAnswer : NameServer::MayBeAway, mistakes);
  if (!mistakes.empty()) {
    warn(config);  // one of them may be why
    return complain(mistakes);
  }
  if (!to_run) return check(config, origin.line);
  return run(std::move(origin), std::move(config), SdNotify::take_variables());
}

}  // namespace
}  // namespace gossip::agent

int main(int count, char** values) {
  gossip::base::abort_when_out_of_memory();
  return gossip::agent::main(count, values);
}
