// Completions of a program as a script for a shell. `functions`: packaging/completions, in which _PROGRAM stands
// for the program's name.
#pragma once

#include <string>

#include "generate/program.h"

namespace gossip::generate {

[[nodiscard]] std::string bash_completion(const Program& program, const std::string& functions);
[[nodiscard]] std::string zsh_completion(const Program& program, const std::string& functions);
[[nodiscard]] std::string fish_completion(const Program& program, const std::string& functions);

// "for the shell, 'quoted'", whatever it holds.
[[nodiscard]] std::string shell_quoted(const std::string& text);
[[nodiscard]] std::string joined(const std::vector<std::string>& words,
                                 const std::string& separator);

}  // namespace gossip::generate
