#include "cli/flag_set.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "cli/help.h"

namespace gossip::cli {

using base::FlagKind;

// Values are taken unconverted, because CLI11's conversions change some texts ("{}", "[a,b]").
FlagSet::FlagSet(std::string_view command, std::string_view purpose)
    : app_(std::make_unique<CLI::App>(std::string(purpose), "gossipctl " + std::string(command))) {
  app_->set_help_flag("-h,--help", "Show this help and do nothing");
  app_->footer(std::string(notes_for(command)));
  app_->get_formatter()->column_width(30);
  app_->get_formatter()->label("OPTIONS", "flags");
  app_->get_formatter()->label("Positionals", "Arguments");
  app_->get_formatter()->label("REQUIRED", "");
}

FlagSet::~FlagSet() = default;

void FlagSet::add_value(const char* name, const std::string& type, const std::string& help) {
  app_->add_option("--" + std::string(name), help)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  flags_.push_back({name, FlagKind::Value});
  described_flags_.push_back({name, type, help});
}

void FlagSet::add_switch(const char* name, const std::string& help) {
  app_->add_flag("--" + std::string(name), help);
  flags_.push_back({name, FlagKind::Switch});
  described_flags_.push_back({name, "", help});
}

void FlagSet::add_positional(const std::string& name, const std::string& help) {
  described_arguments_.push_back({name, help, ArgumentDescription::Count::One});
  app_->add_option(name, help)->type_name("")->required();
}

void FlagSet::add_optional_positional(const std::string& name, const std::string& help) {
  described_arguments_.push_back({name, help, ArgumentDescription::Count::AtMostOne});
  app_->add_option(name, help)->type_name("");
}

void FlagSet::add_positionals(const std::string& name, const std::string& help) {
  described_arguments_.push_back({name, help, ArgumentDescription::Count::AtLeastOne});
  app_->add_option(name, help)
      ->type_name("")
      ->required()
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args();
}

Expected<void> FlagSet::parse(const Arguments& arguments) {
  std::vector<std::string> words = arguments.flags;
  words.emplace_back("--");
  words.insert(words.end(), arguments.positionals.begin(), arguments.positionals.end());
  std::reverse(words.begin(), words.end());  // as CLI11 wants a vector
  positionals_ = arguments.positionals;
  off_ = arguments.off;
  try {
    app_->parse(std::move(words));
  } catch (const CLI::ExtrasError&) {
    return fail(ErrorCode::InvalidArgument,
                "too many arguments: '" + arguments.positionals.back() + "'");
  } catch (const CLI::Error& error) {
    return fail(ErrorCode::InvalidArgument, error.what());
  }
  return {};
}

std::vector<std::string> FlagSet::all(const std::string& name) const {
  return app_->get_option("--" + name)->results();
}

std::optional<std::string> FlagSet::last(const std::string& name) const {
  const std::vector<std::string>& values = app_->get_option("--" + name)->results();
  return values.empty() ? std::nullopt : std::optional(values.back());
}

bool FlagSet::is_on(const std::string& name) const {
  return app_->count("--" + name) > 0;
}

bool FlagSet::is_off(std::string_view name) const {
  return std::find(off_.begin(), off_.end(), name) != off_.end();
}

std::string FlagSet::help() const {
  return app_->help();
}

}  // namespace gossip::cli
