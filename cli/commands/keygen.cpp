#include "cli/commands/keygen.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/random.h>

#include "base/base64.h"
#include "cli/json.h"

namespace gossip::cli {

Expected<std::string> generate_key() {
  std::array<std::uint8_t, 32> key{};
  ssize_t filled = 0;
  do {
    filled = getrandom(key.data(), key.size(), 0);  // whole, or interrupted before it began
  } while (filled < 0 && errno == EINTR);
  if (filled != static_cast<ssize_t>(key.size())) {
    return fail(ErrorCode::System,
                "the system gives no random bytes: " + std::generic_category().message(errno));
  }
  return base::encode_base64(key);
}

ExitCode run(const KeygenOptions& options, Output& out) {
  const Expected<std::string> key = generate_key();
  if (!key) {
    return Output::report(key.error());
  }
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("key");
    json.text(*key);
    json.end_object();
    out.print(json.take());
  } else {
    out.print(*key + '\n');
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
