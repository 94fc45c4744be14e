#include "cluster/internal_queries.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/shown.h"
#include "cluster/conflict.h"
#include "cluster/key_answer.h"
#include "cluster/key_change.h"
#include "wire/cluster_codec.h"
#include "wire/tags_codec.h"

namespace gossip::cluster {
namespace {

std::string_view short_name(std::string_view name) {
  return name.substr(kInternalPrefix.size());
}

std::optional<KeyAction> key_action(std::string_view name) {
  static constexpr std::array kActions{KeyAction::List, KeyAction::Install, KeyAction::Use,
                                       KeyAction::Remove};
  for (const KeyAction action : kActions) {
    if (name == query_name(action)) return action;
  }
  return std::nullopt;
}

// The first byte is a message type that Serf does not look at either.
InternalAnswer answer_keys(const InternalQuestion& question, KeyAction action, Outputs& out) {
  if (!is_harmless(question.name, question.payload)) return NoAnswer{};
  std::string line = "serf: Received ";
  line.append(short_name(question.name)).append(" query");
  out.push_back(Log{LogLevel::Info, std::move(line)});
  KeyCommand command{.action = action, .key = {}, .relay_factor = 0};
  if (action != KeyAction::List) {
    const std::optional<wire::KeyRequest> request =
        wire::decode_key_request(question.payload.subspan(1));
    // Serf's answer says no more than that it failed.
    if (!request) return wire::encode(wire::KeyResponse{});
    command.key = {request->key.begin(), request->key.end()};
  }
  out.push_back(KeyRequested{question.token, std::move(command)});
  return AnswersLater{};
}

}  // namespace

bool is_harmless(std::string_view name, ByteView payload) {
  return !payload.empty() || !key_action(name);
}

InternalQueries::InternalQueries(const Config& config, const members::Table& table)
    : config_(&config), table_(&table) {}

InternalAnswer InternalQueries::answer(const InternalQuestion& question, Outputs& out) const {
  if (question.name == kPingQuery) return NoAnswer{};
  if (question.name == kConflictQuery) return answer_conflict(as_text(question.payload), out);
  if (const std::optional<KeyAction> action = key_action(question.name)) {
    return answer_keys(question, *action, out);
  }
  std::string line = "serf: Unhandled internal query '";
  line.append(base::shown(short_name(question.name))).append("'");
  out.push_back(Log{LogLevel::Warn, std::move(line)});
  return NoAnswer{};
}

// What we know of that name. Its bearers do not judge in their own cause.
InternalAnswer InternalQueries::answer_conflict(std::string_view name, Outputs& out) const {
  if (name == config_->node_name) return NoAnswer{};
  out.push_back(
      Log{LogLevel::Debug, "serf: Got conflict resolution query for '" + base::shown(name) + "'"});
  const std::optional<members::Index> index = table_->find(name);
  if (!index || !table_->at(*index).is_member()) return wire::encode(wire::ConflictAnswer{});
  const members::Record& record = table_->at(*index);
  return wire::encode(
      wire::ConflictResponse{.name = record.name.view(),
                             .address = record.ip.bytes(),
                             .port = record.port,
                             .tags = wire::decode_tags(as_bytes(record.meta.view())),
                             .status = static_cast<std::int64_t>(record.status),
                             .versions = record.versions});
}

}  // namespace gossip::cluster
