#include "cli/commands/keygen.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/random.h>

#include "base/base64.h"

namespace gossip::cli {

ExitCode run(const KeygenOptions& /*options*/, Output& out) {
  std::array<std::uint8_t, 32> key{};
  ssize_t filled = 0;
  do {
    filled = getrandom(key.data(), key.size(), 0);  // whole, or interrupted before it began
  } while (filled < 0 && errno == EINTR);
  if (filled != static_cast<ssize_t>(key.size())) {
    return Output::report({ErrorCode::System, "the system gives no random bytes: " +
                                                  std::generic_category().message(errno)});
  }
  out.print(base::encode_base64(key) + '\n');
  return ExitCode::Done;
}

}  // namespace gossip::cli
