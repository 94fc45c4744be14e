// The system's calls under a file that must survive us: read whole, appended to, replaced at once or not at all.
// They wait for the disk; who may wait where is stored_file.h's. Errors name the path: NotFound, PermissionDenied,
// TooLarge, System.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gossip/error.h"

#include "runtime/descriptor.h"

namespace gossip::runtime {

// A regular file of at most `max_bytes`; anything else (a folder, a pipe, a device) is an error.
[[nodiscard]] Expected<std::string> read_file(const std::string& path, std::size_t max_bytes);

struct AppendedFile {
  Descriptor descriptor;
  std::string
      text;  // what it held; a last line without its end is in it, and no longer in the file
};
// Makes it if it is not there, readable by its owner alone.
[[nodiscard]] Expected<AppendedFile> open_to_append(const std::string& path, std::size_t max_bytes);

// The kernel has all of it, or, as far as the system lets us, none.
[[nodiscard]] Expected<void> append_to(const Descriptor& file, const std::string& path,
                                       std::string_view text);
// The disk has it. Also an error if somebody has removed the file meanwhile.
[[nodiscard]] Expected<void> sync_file(const Descriptor& file, const std::string& path);

// `text` beside `path` and on the disk, open to be appended to. It keeps the mode and owner of the file at `path`;
// a new one is readable by its owner alone.
[[nodiscard]] Expected<Descriptor> write_replacement(const std::string& path,
                                                     std::string_view text);
// That replacement takes the place of the file.
[[nodiscard]] Expected<void> put_in_place(const std::string& path);
void discard_replacement(const std::string& path);
// So that the new name is on the disk as well; a file system that cannot do that is no reason to fail.
void sync_folder_of(const std::string& path);

// Without symbolic links where the file is there, so that a link survives a replacement.
[[nodiscard]] std::string resolved_path(const std::string& path);

}  // namespace gossip::runtime
