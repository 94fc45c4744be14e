// cli/options: any words are a command, a help text or a complaint.
#include <variant>

#include "base/check.h"
#include "base/overloaded.h"
#include "cli/options.h"
#include "fuzz/targets.h"
#include "fuzz/words.h"

void gossip::fuzz::target::gossipctl_command_line(ByteView input) {
  const std::vector<std::string> words = words_of(input);
  std::visit(
      base::Overloaded{
          [](const cli::Invocation& invocation) { GOSSIP_CHECK(!invocation.command.empty()); },
          [](const cli::Help& help) { GOSSIP_CHECK(help.text.ends_with('\n')); },
          [](const cli::UsageError& error) {
            // It quotes the words as they are; Output::complain makes one line of it.
            GOSSIP_CHECK(!error.message.empty() && !error.see.empty());
            GOSSIP_CHECK(error.see.find('\n') == std::string::npos);
          },
      },
      cli::parse_command_line(words));
}
