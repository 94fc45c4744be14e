// One file that the host keeps for its engine, without ever making the loop wait for the disk: lines are handed to
// the kernel at once, so that they survive a SIGKILL, and reach the disk a little later; a replacement is written
// and synced beside the file before it takes its place, so that a power cut finds the old one or the new one whole.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/time.h"

#include "runtime/descriptor.h"
#include "runtime/handle.h"

namespace gossip::runtime {

class StoredFile {
 public:
  static constexpr Duration kSyncInterval = std::chrono::seconds(5);

  // Every replacement ends with one call of `saved`, in order; an append or a sync only if it failed. It may come
  // from inside `append`.
  using Saved = std::function<void(const Expected<void>&)>;

  StoredFile(std::string path, Saved saved);
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;
  StoredFile(StoredFile&&) = delete;
  StoredFile& operator=(StoredFile&&) = delete;
  ~StoredFile() = default;

  // Opens the file for `append`, making it if need be, and returns what it holds, without a last line that has no
  // end in the file any more. Errors as in files.h.
  [[nodiscard]] Expected<std::string> open(std::size_t max_bytes);
  // From here on the calls below. `count` keeps this object alive while a thread works for it.
  void begin(uv_loop_t* loop, HandleCount& count);

  void append(TimePoint now, std::string_view lines);
  void replace(std::string text);
  // What is under way comes to its end, then everything is synced; `count` tells when.
  void close();

  void advance(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return sync_at_; }

 private:
  struct Job;

  void next_job();
  void queue(Job* job);
  void replacement_written(Job& job);
  void job_done(Job& job);
  void report(const Expected<void>& result);

  std::string path_;
  Saved saved_;
  uv_loop_t* loop_ = nullptr;
  HandleCount* count_ = nullptr;
  Descriptor file_;  // closed for one that is only replaced

  bool is_busy_ = false;                    // a thread works for us; one at a time
  std::optional<std::string> replacement_;  // to be written next
  std::size_t reports_due_ = 0;             // for it, and those that it has overtaken
  bool is_replacing_ = false;
  std::string
      appended_meanwhile_;  // to the old file; the replacement gets it before it is put in place
  bool sync_is_due_ = false;
  bool folder_sync_is_due_ = false;
  std::size_t reports_after_sync_ = 0;
  std::optional<TimePoint> sync_at_;
  bool is_closing_ = false;
};

}  // namespace gossip::runtime
