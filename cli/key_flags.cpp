#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {

void declare(FlagSet& set, const KeysOptions&) {
  set.add_optional_positional("rotate", "Replace the primary key by a new one, in safe steps");
  set.add_switch("list", "List the keys of all members");
  set.add_value("install", "KEY", "Add a key to every member's keyring");
  set.add_value("use", "KEY", "Make a key that is installed the primary one, which seals");
  set.add_value("remove", "KEY", "Remove a key from every keyring");
  set.add_value("key", "KEY", "rotate: take this key; otherwise one is made");
  set.add_switch("dry-run", "rotate: check and say what would be done, change nothing");
  add_format(set);
}

Expected<void> read(const FlagSet& set, KeysOptions& options) {
  int asked = 0;
  const auto ask = [&](KeyAction action, const std::optional<std::string>& key) {
    ++asked;
    options.action = action;
    options.key = key.value_or("");
  };
  if (set.is_on("list")) ask(KeyAction::List, std::nullopt);
  if (const auto key = set.last("install")) ask(KeyAction::Install, key);
  if (const auto key = set.last("use")) ask(KeyAction::Use, key);
  if (const auto key = set.last("remove")) ask(KeyAction::Remove, key);
  if (!set.positionals().empty()) {
    if (set.positionals().front() != "rotate") {
      return usage("unknown word '" + set.positionals().front() +
                   "': only 'rotate' may stand there");
    }
    ask(KeyAction::Rotate, set.last("key"));
  }
  if (asked == 0) {
    return usage("nothing to do: give --list, --install, --use, --remove or 'rotate'");
  }
  if (asked > 1) {
    return usage("only one of --list, --install, --use, --remove and 'rotate' is possible");
  }
  const bool rotating = options.action == KeyAction::Rotate;
  if (options.action != KeyAction::List && options.key.empty() && (!rotating || set.last("key"))) {
    return usage("the key is empty");
  }
  options.dry_run = set.is_on("dry-run");
  if (!rotating && (options.dry_run || set.last("key"))) {
    return usage("--key and --dry-run belong to 'keys rotate'");
  }
  return read_format(set).map([&options](Format format) { options.format = format; });
}

}  // namespace gossip::cli
