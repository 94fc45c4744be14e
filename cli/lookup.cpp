#include "cli/lookup.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "cli/agent_address.h"
#include "cli/socket.h"

namespace gossip::cli {
namespace {

// One question to the system, and its answer.
struct Lookup {
  std::string host;
  std::string port;
  Descriptor done;                     // can be read once the answer is there
  std::atomic<bool> answered = false;  // orders what follows between the threads
  int status = 0;
  AddressList found{nullptr, &freeaddrinfo};
};

void ask(Lookup& lookup, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  lookup.status = getaddrinfo(lookup.host.c_str(), lookup.port.c_str(), &hints, &found);
  lookup.found.reset(lookup.status == 0 ? found : nullptr);
}

// Shared, for the thread may outlive the wait.
Expected<void> ask_in_thread(const std::shared_ptr<Lookup>& lookup) {
  lookup->done = Descriptor(eventfd(0, EFD_CLOEXEC));
  if (lookup->done.get() < 0) {
    return fail(ErrorCode::System,
                "cannot look a name up: " + std::generic_category().message(errno));
  }
  try {
    std::thread([lookup] {
      ask(*lookup, 0);
      lookup->answered.store(true, std::memory_order_release);
      eventfd_write(lookup->done.get(), 1);
    }).detach();
  } catch (const std::system_error& error) {
    return fail(ErrorCode::System, std::string("cannot look a name up: ") + error.what());
  }
  return {};
}

// A name alone that no host has may have been meant as a path. Not one whose server only did not answer.
bool may_be_a_path(const rpc::TcpEndpoint& target, int status) {
  return target.port == rpc::kDefaultPort && (status == EAI_NONAME || status == EAI_NODATA);
}

}  // namespace

Expected<AddressList> look_up(const rpc::TcpEndpoint& target, const Waiting& waiting) {
  const auto lookup = std::make_shared<Lookup>();
  lookup->host = target.host;
  lookup->port = std::to_string(target.port);
  ask(*lookup, AI_NUMERICHOST);
  if (lookup->status == EAI_NONAME) {
    if (const Expected<void> asked = ask_in_thread(lookup); !asked) {
      return tl::unexpected(asked.error());
    }
    const int error = wait_until_ready(lookup->done.get(), POLLIN, waiting, "looking up the name");
    if (error == EINTR) return fail(ErrorCode::TimedOut, "interrupted");
    if (error == ETIMEDOUT) {
      return fail(ErrorCode::TimedOut,
                  "'" + target.host + "' could not be looked up in time (--timeout)");
    }
    std::uint64_t count = 0;
    if (error != 0 || eventfd_read(lookup->done.get(), &count) != 0) {
      return fail(ErrorCode::System,
                  "cannot wait for a name to be looked up: " +
                      std::generic_category().message(error != 0 ? error : errno));
    }
    GOSSIP_CHECK(lookup->answered.load(std::memory_order_acquire));
  }
  if (lookup->status != 0) {
    std::string reason = gai_strerror(lookup->status);
    if (may_be_a_path(target, lookup->status)) {
      reason += "; a socket in this folder is written ./" + target.host;
    }
    return tl::unexpected(no_agent_at(rpc::to_string(target), reason));
  }
  return std::move(lookup->found);
}

}  // namespace gossip::cli
