// Where things are said: data on standard output, errors and warnings on standard error.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gossip/error.h"

#include "cli/exit_code.h"

namespace gossip::cli {

class Output {
 public:
  // All of it, at once. What a full disk or a closed pipe swallows makes finish() fail.
  void print(std::string_view text);
  // A line "gossipctl: MESSAGE" on standard error, safe for a terminal.
  static void complain(std::string_view message);
  // Whole lines, as they are, on standard error.
  static void print_error(std::string_view lines);
  // Complains, and says how the program has to end.
  static ExitCode report(const Error& error);
  // The same with what was being done: "error joining the cluster: …".
  static ExitCode report(std::string_view doing, const Error& error);

  // Whether a person reads standard output, so that a table wants a header.
  [[nodiscard]] static bool is_terminal();
  // In columns, where standard output is a terminal that says so.
  [[nodiscard]] static std::optional<std::size_t> terminal_width();
  [[nodiscard]] static std::optional<std::size_t> terminal_height();  // likewise, in rows
  // Whether a person reads standard error, and so may be told how far something has come.
  [[nodiscard]] static bool is_watched();
  // There, a line that takes the place of the one before it; wiped before anything else is said.
  static void show_passing(std::string_view line);
  static void wipe_passing();
  // `code`, or Failed with a complaint if something could not be printed.
  [[nodiscard]] ExitCode finish(ExitCode code) const;

 private:
  int error_ = 0;  // errno of the first write that failed
};

}  // namespace gossip::cli
