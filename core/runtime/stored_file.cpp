#include "runtime/stored_file.h"

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>

#include "base/check.h"
#include "runtime/files.h"

namespace gossip::runtime {
namespace {

tl::unexpected<Error> cannot_sync(const std::string& path, int error) {
  return fail(ErrorCode::System, path + ": cannot be synced: " +
                                     std::error_code(error, std::generic_category()).message());
}

}  // namespace

// Everything that the thread touches, so that the loop may go on with the rest.
struct StoredFile::Job {
  enum class Kind : std::uint8_t { Replace, Sync };

  uv_work_t request{};
  StoredFile* owner = nullptr;
  Kind kind = Kind::Sync;
  std::string path;
  std::string text;  // of Replace
  std::size_t reports = 0;
  Descriptor file;  // to sync; the written replacement
  bool sync_folder = false;
  Expected<void> result;

  void run() {
    if (kind == Kind::Replace) {
      Expected<Descriptor> written = write_replacement(path, text);
      if (written) {
        file = std::move(*written);
      } else {
        result = tl::unexpected<Error>(std::move(written.error()));
      }
      return;
    }
    if (file.is_open()) result = sync_file(file, path);
    if (sync_folder) sync_folder_of(path);
  }
};

StoredFile::StoredFile(std::string path, Saved saved)
    : path_(std::move(path)), saved_(std::move(saved)) {}

Expected<std::string> StoredFile::open(std::size_t max_bytes) {
  Expected<AppendedFile> opened = open_to_append(path_, max_bytes);
  if (!opened) return tl::unexpected<Error>(std::move(opened.error()));
  file_ = std::move(opened->descriptor);
  return std::move(opened->text);
}

void StoredFile::begin(uv_loop_t* loop, HandleCount& count) {
  loop_ = loop;
  count_ = &count;
  path_ = resolved_path(path_);
}

void StoredFile::append(TimePoint now, std::string_view lines) {
  if (replacement_) replacement_->append(lines);
  if (is_replacing_) appended_meanwhile_.append(lines);
  const Expected<void> written = append_to(file_, path_, lines);
  if (!written) return saved_(written);
  if (!sync_at_ && !sync_is_due_) sync_at_ = now + kSyncInterval;
}

void StoredFile::replace(std::string text) {
  replacement_ = std::move(text);
  ++reports_due_;
  next_job();
}

void StoredFile::advance(TimePoint now) {
  if (!sync_at_ || *sync_at_ > now) return;
  sync_at_.reset();
  sync_is_due_ = true;
  next_job();
}

void StoredFile::close() {
  if (loop_ == nullptr) return;
  is_closing_ = true;
  if (sync_at_) sync_is_due_ = true;
  sync_at_.reset();
  next_job();
}

void StoredFile::next_job() {
  if (is_busy_) return;
  auto job = std::make_unique<Job>();
  job->owner = this;
  job->path = path_;
  if (replacement_) {
    job->kind = Job::Kind::Replace;
    job->text = *std::exchange(replacement_, std::nullopt);
    job->reports = std::exchange(reports_due_, 0);
    is_replacing_ = true;
    appended_meanwhile_.clear();
  } else if (sync_is_due_ || folder_sync_is_due_) {
    job->reports = std::exchange(reports_after_sync_, 0);
    job->sync_folder = std::exchange(folder_sync_is_due_, false);
    sync_is_due_ = false;
    // A descriptor of its own: the loop may have replaced the file before the thread is done.
    if (file_.is_open()) {
      job->file = Descriptor(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
      if (!job->file.is_open()) job->result = cannot_sync(path_, errno);
    }
  } else {
    if (is_closing_) file_.reset();
    return;
  }
  queue(job.release());
}

void StoredFile::queue(Job* job) {
  is_busy_ = true;
  count_->opened();
  job->request.data = job;
  const int code = uv_queue_work(
      loop_, &job->request, [](uv_work_t* request) { static_cast<Job*>(request->data)->run(); },
      [](uv_work_t* request, int /*status*/) {
        const std::unique_ptr<Job> done(static_cast<Job*>(request->data));
        HandleCount* const count = done->owner->count_;
        done->owner->job_done(*done);
        count->closed();
      });
  GOSSIP_CHECK(code == 0);  // fails only for a null callback
}

void StoredFile::job_done(Job& job) {
  is_busy_ = false;
  if (job.kind == Job::Kind::Replace) {
    replacement_written(job);
  } else {
    if (!job.result && job.reports == 0) report(job.result);
    for (; job.reports > 0; --job.reports)
      report(job.result);
  }
  next_job();
}

void StoredFile::replacement_written(Job& job) {
  is_replacing_ = false;
  Expected<void> result = std::move(job.result);
  if (result && !appended_meanwhile_.empty()) {
    result = append_to(job.file, path_, std::exchange(appended_meanwhile_, {}));
    if (!result) discard_replacement(path_);
  }
  if (result) result = put_in_place(path_);
  if (!result) {
    for (; job.reports > 0; --job.reports)
      report(result);
    return;
  }
  if (file_.is_open()) file_ = std::move(job.file);
  sync_at_.reset();
  folder_sync_is_due_ = true;
  reports_after_sync_ += job.reports;
}

void StoredFile::report(const Expected<void>& result) {
  if (!is_closing_) saved_(result);
}

}  // namespace gossip::runtime
