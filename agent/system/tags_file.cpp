#include "agent/system/tags_file.h"

#include "config/files.h"
#include "config/serf_json.h"
#include "runtime/files.h"

namespace gossip::agent {
namespace {

tl::unexpected<Error> cannot_write(const Error& error) {
  return fail(error.code, "cannot write " + error.message);
}

}  // namespace

Expected<Tags> read_tags_file(const std::string& path) {
  const Expected<std::string> text = config::read_file(path);
  if (!text && text.error().code == ErrorCode::NotFound) return Tags{};
  if (!text) return fail(text.error().code, "tags_file: " + text.error().message);
  return config::parse_json_map(*text, path);
}

Expected<void> write_tags_file(const std::string& path, const Tags& tags) {
  const std::string target = runtime::resolved_path(path);
  const auto written = runtime::write_replacement(target, config::json_map(tags));
  if (!written) return cannot_write(written.error());
  const Expected<void> placed = runtime::put_in_place(target);
  if (!placed) return cannot_write(placed.error());
  runtime::sync_folder_of(target);
  return {};
}

}  // namespace gossip::agent
