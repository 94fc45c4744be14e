// Configuration files and folders: which there are, in what order, and which reader takes each.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "gossip/error.h"

#include "config/first_few.h"
#include "config/mistakes.h"
#include "config/options.h"

namespace gossip::config {

// No configuration, key or tags file of ours is anywhere near it.
inline constexpr std::size_t kMaxFileBytes = std::size_t{1024} * 1024;

// Errors name the path: NotFound, PermissionDenied, TooLarge, System.
[[nodiscard]] Expected<std::string> read_file(const std::string& path);
// Of an open descriptor to its end, which stays open; `name` is for the errors. Who says nothing for five seconds is
// given up (TimedOut in the text of a System error), so that a pipe without a writer never holds up the start.
[[nodiscard]] Expected<std::string> read_descriptor(int descriptor, const std::string& name);
// Without the newline; for secrets that stand alone in a file. Errors as above, and InvalidArgument if it is empty.
[[nodiscard]] Expected<std::string> read_first_line(const std::string& path);
[[nodiscard]] Expected<std::string> first_line(std::string text, const std::string& name);

// Whether other users of the host may read the file: any of them, or those of a group that is none of the process's.
// False if there is none.
[[nodiscard]] bool is_open_to_others(const std::string& path);
// The same of a file of this mode and group, for a process of this user and these groups.
[[nodiscard]] bool is_open_to_others(mode_t mode, gid_t group, uid_t user,
                                     std::span<const gid_t> groups);

// The *.json and *.toml files of a folder, in byte order of their names, as Serf reads its *.json.
[[nodiscard]] Expected<std::vector<std::string>> list_folder(const std::string& folder);

// TOML if the name ends in ".toml", else Serf's JSON. An Error, as read_file's, says that the file could not be read;
// mistakes in it are InvalidArgument and begin with "path:line:column". What is right in it has been taken.
Expected<void> apply_file(Settings& settings, const std::string& path, Mistakes& mistakes);

// What a file says of one key.
struct FileValue {
  Value value;                   // of a list or table the texts in it
  FirstFew<Other> wrong = {};    // and what else is in it
  Strings element_origins = {};  // of a list's texts, in their order
};

// For both readers: what is wrong in a list or table hides no mistake in the rest of it.
void apply_value(Settings& settings, const Option& option, const FileValue& said,
                 const std::string& origin, Mistakes& mistakes);

// "unknown key …", for both readers; with the nearest key there is, which is looked for only while `mistakes` tells
// more: a file of many thousand keys may be none of ours.
void add_unknown_key(const std::string& origin, std::string_view key, Mistakes& mistakes);

}  // namespace gossip::config
