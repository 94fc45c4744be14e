#include "agent/system/logging.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

// NOLINTBEGIN(readability-identifier-naming): the libraries' names
// Debian has neither library as an archive; both are compiled here.
#define FMT_HEADER_ONLY
#define SPDLOG_HEADER_ONLY
// Serf's names of the levels.
#define SPDLOG_LEVEL_NAMES \
  { "TRACE", "DEBUG", "INFO", "WARN", "ERR", "CRITICAL", "OFF" }
#define SPDLOG_NO_THREAD_ID
#define SPDLOG_NO_ATOMIC_LEVELS
// NOLINTEND(readability-identifier-naming)
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include "base/ascii.h"

namespace gossip::agent {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::Trace: return spdlog::level::trace;
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warn: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace: return LogLevel::Trace;
    case spdlog::level::debug: return LogLevel::Debug;
    case spdlog::level::info: return LogLevel::Info;
    case spdlog::level::warn: return LogLevel::Warn;
    default: return LogLevel::Error;
  }
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// One of Unicode's U+0080 to U+009F, which some terminals obey as they do ESC.
bool begins_with_wide_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xc2' &&
         (static_cast<unsigned char>(text[1]) & 0xe0U) == 0x80U;
}

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(), is_control) &&
         text.find('\xc2') == std::string_view::npos;
}

// Formats a line once, for both of its readers. The loop's thread is the only one that logs.
class Sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  Sink(LineWriter& output, LogLevel printed, rpc::LogRing& ring)
      : output_(output), printed_(printed), ring_(ring) {}
  void set_printed(LogLevel printed) { printed_ = printed; }
  void set_syslog(Syslog syslog) { syslog_ = std::move(syslog); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const std::string_view text(line.data(), std::min(line.size(), kMaxLineBytes));
    const LogLevel level = from_spdlog(message.level);
    // The ring last: who hears of this line there may log the next one.
    if (level >= printed_) {
      output_.write(text);
      if (syslog_) syslog_->write(level, {message.payload.data(), message.payload.size()});
    }
    ring_.append(level, text);
  }
  void flush_() override {}

 private:
  LineWriter& output_;
  LogLevel printed_;
  rpc::LogRing& ring_;
  std::optional<Syslog> syslog_;
};

}  // namespace

struct Logging::Parts {
  std::shared_ptr<Sink> sink;
  spdlog::logger logger;
};

Logging::Logging(LineWriter& output, LogLevel printed, rpc::LogRing& ring) {
  const auto sink = std::make_shared<Sink>(output, printed, ring);
  parts_ = std::make_unique<Parts>(Parts{sink, spdlog::logger("gossipd", sink)});
  parts_->logger.set_level(spdlog::level::trace);
  parts_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y/%m/%d %H:%M:%S [%l] %v", spdlog::pattern_time_type::local, ""));
}

Logging::~Logging() = default;

void Logging::write(LogLevel level, std::string_view text) {
  const auto log = [&](std::string_view clean) {
    parts_->logger.log(to_spdlog(level), spdlog::string_view_t(clean.data(), clean.size()));
  };
  if (is_clean(text)) return log(text);
  log(without_control_characters(text));
}

void Logging::set_level(LogLevel printed) {
  parts_->sink->set_printed(printed);
}

void Logging::add(Syslog syslog) {
  parts_->sink->set_syslog(std::move(syslog));
}

std::string without_control_characters(std::string_view text) {
  std::string clean;
  clean.reserve(text.size() + 8);
  for (; !text.empty(); text.remove_prefix(1)) {
    const char c = text.front();
    if (begins_with_wide_control(text)) {
      text.remove_prefix(1);
      base::append_hex(static_cast<std::uint8_t>(text.front()), clean += "\\u00");
    } else if (!is_control(c)) {
      clean += c;
    } else if (c == '\n' || c == '\t' || c == '\r') {
      (clean += '\\') += c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
    } else {
      base::append_hex(static_cast<std::uint8_t>(c), clean += "\\x");
    }
  }
  return clean;
}

}  // namespace gossip::agent
