#include "cli/commands/keys.h"

#include <algorithm>

#include "cli/commands/key_rotation.h"
#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

// What is said about an action.
struct Wording {
  std::string_view waiting;
  std::string_view begin;
  std::string_view done;
  std::string_view error;
};

Wording wording_of(KeyAction action) {
  switch (action) {
    case KeyAction::Install:
      return {"installing the key on all members", "Installing key on all members...",
              "Successfully installed key!", "error installing key"};
    case KeyAction::Use:
      return {"changing the primary key on all members", "Changing primary key on all members...",
              "Successfully changed primary key!", "error changing primary key"};
    case KeyAction::Remove:
      return {"removing the key on all members", "Removing key on all members...",
              "Successfully removed key!", "error removing key"};
    default:
      return {"asking all members for their keys", "Asking all members for installed keys...",
              "Keys gathered, listing cluster keys...", "failed to gather member keys"};
  }
}

rpc::Request request_for(const KeysOptions& options) {
  switch (options.action) {
    case KeyAction::Install: return rpc::KeyRequest{rpc::KeyChange::Install, options.key};
    case KeyAction::Use: return rpc::KeyRequest{rpc::KeyChange::Use, options.key};
    case KeyAction::Remove: return rpc::KeyRequest{rpc::KeyChange::Remove, options.key};
    default: return rpc::ListKeysRequest{};
  }
}

std::string of_all(std::int64_t count, std::int64_t all) {
  return '[' + std::to_string(count) + '/' + std::to_string(all) + ']';
}

void write_count(std::string_view key, std::int64_t count, JsonWriter& json) {
  json.key(key);
  json.number(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)));
}

void write_counts(std::string_view key, const std::map<std::string, std::int64_t>& counts,
                  JsonWriter& json) {
  json.key(key);
  json.begin_object();
  for (const auto& [name, count] : counts) {
    write_count(name, count, json);
  }
  json.end_object();
}

}  // namespace

bool all_followed(const rpc::Response& response) {
  const auto* const keys = std::get_if<rpc::KeyResponse>(&response.body);
  return response.error.empty() && keys != nullptr && keys->error_count == 0 &&
         keys->response_count >= keys->node_count && keys->silent.empty();
}

std::string format_key_list(const rpc::KeyResponse& keys) {
  std::vector<TableRow> rows;
  for (const auto& [key, count] : keys.keys.value_or(std::map<std::string, std::int64_t>{})) {
    rows.push_back({quote_word(key, ""), of_all(count, keys.node_count)});
    if (const auto primary = keys.primaries.find(key);
        primary != keys.primaries.end() && primary->second > 0) {
      rows.back().push_back(primary->second == keys.node_count
                                ? "primary"
                                : "primary " + of_all(primary->second, keys.node_count));
    }
  }
  return format_table(rows);
}

std::string format_keys_json(const rpc::KeyResponse& keys) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  if (keys.keys) {
    write_counts("keys", *keys.keys, json);
    write_counts("primaries", keys.primaries, json);
  }
  write_count("nodes", keys.node_count, json);
  write_count("responses", keys.response_count, json);
  write_count("errors", keys.error_count, json);
  json.key("messages");
  json.begin_object();
  for (const auto& [name, message] : keys.messages) {
    json.key(name);
    json.text(message);
  }
  json.end_object();
  json.key("silent");
  json.begin_array();
  for (const std::string& name : keys.silent) {
    json.text(name);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string format_key_troubles(const rpc::KeyResponse& keys, std::string_view heading) {
  std::vector<TableRow> rows;
  for (const auto& [name, message] : keys.messages) {
    rows.push_back({std::string(heading), quote_word(name, ""), escape_line(message)});
  }
  for (const std::string& name : keys.silent) {
    rows.push_back({"silent:", quote_word(name, ""), "no answer"});
  }
  return format_table(rows);
}

ExitCode run(const KeysOptions& options, Connection& agent, Output& out) {
  if (options.action == KeyAction::Rotate) {
    return rotate_keys(options, agent, out);
  }
  const Wording wording = wording_of(options.action);
  const bool text = options.format == Format::Text;
  if (text) {
    out.print("==> " + std::string(wording.begin) + '\n');
  }
  agent.begins(std::string(wording.waiting));
  const Expected<rpc::Response> response = agent.exchange(request_for(options));
  if (!response) {
    return Output::report(wording.error, response.error());
  }
  const auto* const keys = std::get_if<rpc::KeyResponse>(&response->body);
  if (keys != nullptr && !text) {
    out.print(format_keys_json(*keys));
  }
  if (!response->error.empty()) {
    if (keys != nullptr) {
      Output::print_error(format_key_troubles(*keys, "failed:"));
    }
    return Output::report(wording.error, {ErrorCode::Refused, response->error});
  }
  if (text) {
    out.print("==> " + std::string(wording.done) + '\n');
  }
  if (keys != nullptr) {
    if (text && options.action == KeyAction::List) {
      out.print('\n' + format_key_list(*keys));
    }
    Output::print_error(format_key_troubles(*keys, "note:"));
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
