#include "cli/input.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "cli/socket.h"

namespace gossip::cli {
namespace {

constexpr std::size_t kMaxKeyBytes = 4096;

Expected<std::string> read_all(int fd, const std::string& name, std::size_t most) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return fail(ErrorCode::System,
                  "cannot read " + name + ": " + std::generic_category().message(errno));
    }
    if (count == 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > most) {
      return fail(ErrorCode::InvalidArgument,
                  name + " holds more than " + std::to_string(most) + " bytes");
    }
  }
}

template <typename Options>
Expected<void> read_payload(Options& options) {
  if (options.literal) {
    return {};
  }
  Expected<std::string> bytes = read_word(options.payload, kMaxPayloadBytes);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  options.payload = std::move(*bytes);
  return {};
}

// The first line: a key file ends in a newline.
Expected<void> read_key(KeysOptions& options) {
  Expected<std::string> text = read_word(options.key, kMaxKeyBytes);
  if (!text) {
    return tl::unexpected(text.error());
  }
  text->erase(std::min(text->find('\n'), text->size()));
  text->erase(text->find_last_not_of(" \t\r") + 1);
  if (text->empty() && !options.key.empty()) {
    return fail(ErrorCode::InvalidArgument, "the first line of the key's source is empty");
  }
  options.key = std::move(*text);
  return {};
}

}  // namespace

Expected<std::string> read_word(const std::string& word, std::size_t most) {
  if (word == "-") {
    return read_all(STDIN_FILENO, "standard input", most);
  }
  if (!word.starts_with('@')) {
    return word;
  }
  const std::string path = word.substr(1);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return fail(ErrorCode::System,
                "cannot read " + path + ": " + std::generic_category().message(errno));
  }
  return read_all(file.get(), path, most);
}

Expected<void> read_inputs(CommandOptions& options) {
  if (auto* const event = std::get_if<EventOptions>(&options)) {
    return read_payload(*event);
  }
  if (auto* const query = std::get_if<QueryOptions>(&options)) {
    return read_payload(*query);
  }
  if (auto* const keys = std::get_if<KeysOptions>(&options)) {
    return read_key(*keys);
  }
  return {};
}

}  // namespace gossip::cli
