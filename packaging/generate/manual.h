// The manual's pages in scdoc's language: those of commands whole, of the others the lists that the tables know.
#pragma once

#include <map>
#include <string>

#include "generate/program.h"

namespace gossip::generate {

// "*\\_*" where scdoc would read markup.
[[nodiscard]] std::string scdoc_escaped(const std::string& text);

// gossipctl-COMMAND(1). `more` is what stands between the flags and SEE ALSO: examples, output.
[[nodiscard]] std::string page_of_command(const Command& command, const std::string& more);
// "*members*  purpose" for each.
[[nodiscard]] std::string list_of_commands(const Program& program);
[[nodiscard]] std::string list_of_flags(const std::vector<Flag>& flags);

// Text for keys, beyond their help: "## KEY" and lines until the next. Throws for a key that does not exist.
using Notes = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Notes read_notes(const std::string& text);

// For gossipd.toml(5): every key by group, with its help, its default, flag and variable.
[[nodiscard]] std::string list_of_keys(const Notes& notes);

// The sample gossipd.toml: every key, commented out, with its help and default.
[[nodiscard]] std::string sample_of_keys();

}  // namespace gossip::generate
