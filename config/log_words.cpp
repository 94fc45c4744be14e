// The words for levels and facilities of the log.
#include <algorithm>
#include <array>
#include <utility>

#include "config/agent_config.h"
#include "config/text.h"

namespace gossip::config {

Expected<LogLevel> parse_log_level(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, LogLevel>, 7> kLevels{
      {{"trace", LogLevel::Trace},
       {"debug", LogLevel::Debug},
       {"info", LogLevel::Info},
       {"warn", LogLevel::Warn},
       {"err", LogLevel::Error},
       {"warning", LogLevel::Warn},
       {"error", LogLevel::Error}}};
  const std::string word = lower(std::string(text));
  for (const auto& [name, level] : kLevels) {
    if (name == word) return level;
  }
  return fail(ErrorCode::InvalidArgument, "unknown log level \"" + std::string(text) +
                                              "\", there are trace, debug, info, warn and err");
}

Expected<SyslogFacility> parse_syslog_facility(std::string_view text) {
  // Serf's names; by syslog's numbers, 12 to 15 have none.
  constexpr std::array<std::string_view, 24> kNames{
      "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
      "uucp",   "cron",   "authpriv", "ftp",    "",       "",       "",       "",
      "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
  const std::string word = lower(std::string(text));
  const auto* at = std::find(kNames.begin(), kNames.end(), word);
  if (word.empty() || at == kNames.end()) {
    return fail(
        ErrorCode::InvalidArgument,
        "unknown syslog facility \"" + std::string(text) +
            "\", there are KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP "
            "and LOCAL0 to LOCAL7");
  }
  return static_cast<SyslogFacility>(at - kNames.begin());
}

}  // namespace gossip::config
