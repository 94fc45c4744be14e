// The flags and positional arguments of one command: declared, read from sorted words, asked for their values,
// listed in a help text. The only part of gossipctl that knows CLI11, and it shows nothing of it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"

#include "base/go_flags.h"
#include "cli/arguments.h"
#include "cli/reference.h"

namespace CLI {  // NOLINT(readability-identifier-naming): theirs
class App;
}

namespace gossip::cli {

class FlagSet {
 public:
  FlagSet(std::string_view command, std::string_view purpose);
  ~FlagSet();
  FlagSet(const FlagSet&) = delete;
  FlagSet& operator=(const FlagSet&) = delete;
  FlagSet(FlagSet&&) = delete;
  FlagSet& operator=(FlagSet&&) = delete;

  // `name` is a literal: it is kept.
  void add_value(const char* name, const std::string& type, const std::string& help);
  void add_switch(const char* name, const std::string& help);
  void add_positional(const std::string& name, const std::string& help);
  // One that may be left out; only optional ones may follow it.
  void add_optional_positional(const std::string& name, const std::string& help);
  // One or more.
  void add_positionals(const std::string& name, const std::string& help);

  // InvalidArgument: too many arguments, or one that is required is missing.
  Expected<void> parse(const Arguments& arguments);

  // In the order in which they stood; the words as they were typed, never converted.
  [[nodiscard]] std::vector<std::string> all(const std::string& name) const;
  // The last one counts, as in Go.
  [[nodiscard]] std::optional<std::string> last(const std::string& name) const;
  // A switch that was given, and not as "=false"; one that was given as "=false". Neither: it was not given.
  [[nodiscard]] bool is_on(const std::string& name) const;
  [[nodiscard]] bool is_off(std::string_view name) const;
  // All of them; parse() made sure that there are as many as were declared.
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  [[nodiscard]] std::span<const base::FlagName> flags() const { return flags_; }
  [[nodiscard]] std::string help() const;
  // All that was declared, in that order.
  [[nodiscard]] const std::vector<FlagDescription>& described_flags() const {
    return described_flags_;
  }
  [[nodiscard]] const std::vector<ArgumentDescription>& described_arguments() const {
    return described_arguments_;
  }

 private:
  std::unique_ptr<CLI::App> app_;
  std::vector<base::FlagName> flags_;
  std::vector<FlagDescription> described_flags_;
  std::vector<ArgumentDescription> described_arguments_;
  std::vector<std::string> positionals_;
  std::vector<std::string> off_;
};

}  // namespace gossip::cli
