// The files of a host: its snapshot and its keyring. Each Save of the engine's is carried out here, and how it
// ended goes back to it in a turn of its own.
#include <cstddef>
#include <utility>

#include "runtime/host_parts.h"

namespace gossip::runtime {

namespace {

// Two hundred times what a cluster at its limits needs, and yet no danger to the process.
constexpr std::size_t kMaxSnapshotBytes = std::size_t{64} * 1024 * 1024;

}  // namespace

Expected<void> Host::Parts::open_files() {
  if (!keyring_path.empty()) {
    keyring.emplace(keyring_path,
                    [this](const Expected<void>& result) { saved(SavedFile::Keyring, result); });
  }
  if (snapshot_path.empty()) return {};
  snapshot.emplace(snapshot_path,
                   [this](const Expected<void>& result) { saved(SavedFile::Snapshot, result); });
  Expected<std::string> text = snapshot->open(kMaxSnapshotBytes);
  if (!text) return fail(text.error().code, "snapshot " + text.error().message);
  last_run = std::move(*text);
  return {};
}

void Host::Parts::save(const Save& save) {
  std::optional<StoredFile>& file = save.file == SavedFile::Snapshot ? snapshot : keyring;
  if (!file) return;
  switch (save.mode) {
    case SaveMode::Append: file->append(loop_now(), save.text); break;
    case SaveMode::Replace: file->replace(save.text); break;
  }
}

void Host::Parts::saved(SavedFile file, const Expected<void>& result) {
  if (is_silent()) return;
  results.emplace_back([this, file, result] { engine.saved(loop_now(), file, result, effects); });
  flush_soon();
}

void Host::Parts::close_files() {
  if (snapshot) snapshot->close();
  if (keyring) keyring->close();
}

}  // namespace gossip::runtime
