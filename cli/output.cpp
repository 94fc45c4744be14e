#include "cli/output.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/text.h"

namespace gossip::cli {
namespace {

// 0, or why not all of it could be written.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void Output::print(std::string_view text) {
  if (error_ == 0) {
    error_ = write_all(STDOUT_FILENO, text);
  }
}

void Output::complain(std::string_view message) {
  write_all(STDERR_FILENO, "gossipctl: " + escape_line(message) + "\n");
}

void Output::print_error(std::string_view lines) {
  write_all(STDERR_FILENO, lines);
}

ExitCode Output::report(const Error& error) {
  complain(error.message);
  return exit_code_for(error.code);
}

ExitCode Output::report(std::string_view doing, const Error& error) {
  complain(std::string(doing) + ": " + error.message);
  return exit_code_for(error.code);
}

bool Output::is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}

std::optional<std::size_t> Output::terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return std::nullopt;
  }
  return size.ws_col;
}

bool Output::is_watched() {
  return isatty(STDERR_FILENO) == 1;
}

// Blanks instead of escapes: a terminal need not know any. Its last column would begin a new line.
void Output::show_passing(std::string_view line) {
  constexpr std::size_t kUsualWidth = 80;
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t room = (known ? size.ws_col : kUsualWidth) - 1;
  const std::string safe = escape_line(line);
  std::string shown(cut_to_width(safe, room));
  shown.append(room - text_width(shown), ' ');
  write_all(STDERR_FILENO, '\r' + shown + '\r');
}

void Output::wipe_passing() {
  show_passing("");
}

std::optional<std::size_t> Output::terminal_height() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) {
    return std::nullopt;
  }
  return size.ws_row;
}

ExitCode Output::finish(ExitCode code) const {
  if (error_ == 0) {
    return code;
  }
  complain("cannot write to standard output: " + std::generic_category().message(error_));
  return ExitCode::Failed;
}

}  // namespace gossip::cli
