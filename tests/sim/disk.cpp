#include "sim/disk.h"

#include <algorithm>

namespace gossip::sim {

void Disk::sync(TimePoint now) {
  if (synced_bytes_ < snapshot_.size() && now - dirty_since_ >= kSyncInterval) {
    synced_bytes_ = snapshot_.size();
  }
}

bool Disk::save(TimePoint now, const Save& save) {
  if (save.file != SavedFile::Snapshot) return !is_full_;  // engines keep their keys to themselves
  sync(now);
  if (is_full_) {
    is_whole_ = false;
    return false;
  }
  if (save.mode == SaveMode::Replace) {
    snapshot_ = save.text;
    synced_bytes_ = snapshot_.size();
    is_whole_ = true;
    return true;
  }
  if (synced_bytes_ == snapshot_.size()) dirty_since_ = now;
  snapshot_ += save.text;
  return true;
}

void Disk::lose_power(TimePoint now, base::Rng& rng) {
  sync(now);
  const std::size_t at_risk = snapshot_.size() - synced_bytes_;
  if (at_risk == 0) return;
  const std::size_t kept = rng.uniform(at_risk + 1);
  is_whole_ = is_whole_ && kept == at_risk;
  snapshot_.resize(synced_bytes_ + kept);
  synced_bytes_ = snapshot_.size();
}

const std::string& Disk::read_snapshot() {
  const std::size_t last_end = snapshot_.rfind('\n');
  snapshot_.resize(last_end == std::string::npos ? 0 : last_end + 1);
  synced_bytes_ = std::min(synced_bytes_, snapshot_.size());
  return snapshot_;
}

void Disk::wipe() {
  snapshot_.clear();
  synced_bytes_ = 0;
  is_whole_ = false;
}

}  // namespace gossip::sim
