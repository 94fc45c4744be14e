// The encryption keys: what members ask us to change, and what we ask them (gossip-wire §9.6).
#include "engine/keys.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/keyring_text.h"
#include "engine/parts.h"

namespace gossip {
namespace {

cluster::KeyAnswer answer_of(const Expected<void>& result) {
  if (result.has_value()) return {.done = true, .message = {}, .keys = {}};
  return {.done = false, .message = result.error().message, .keys = {}};
}

Expected<void> change(wire::Keyring& keyring, const KeyCommand& command) {
  if (keyring.empty()) {
    return fail(ErrorCode::WrongState, "No keyring to modify (encryption not enabled)");
  }
  switch (command.action) {
    case KeyAction::Install: return keyring.add(command.key);
    case KeyAction::Use: return keyring.use(command.key);
    case KeyAction::Remove: return keyring.remove(command.key);
    case KeyAction::List: break;
  }
  return {};
}

cluster::KeyAnswer list(const wire::Keyring& keyring) {
  if (keyring.empty()) {
    return {.done = false, .message = "Keyring is empty (encryption not enabled)", .keys = {}};
  }
  cluster::KeyAnswer answer{.done = true, .message = {}, .keys = {}};
  for (const Bytes& key : keyring.keys())
    answer.keys.push_back(base::encode_base64(key));
  return answer;
}

}  // namespace

bool engine::is_worn_out(std::uint64_t packets_sealed, std::size_t live_members) {
  return packets_sealed >= kMostSealedPackets / std::max<std::size_t>(live_members, 1);
}

Expected<OpId> Engine::change_keys(TimePoint now, const KeyCommand& command, Effects& out) {
  Parts& parts = *parts_;
  if (command.action != KeyAction::List && !is_key_size(command.key.size())) {
    return fail(ErrorCode::InvalidArgument, "key size must be 16, 24 or 32 bytes");
  }
  if (parts.leave_phase != engine::LeavePhase::None) {
    return fail(ErrorCode::WrongState,
                "cannot change keys: this node is leaving or has left its cluster");
  }
  if (parts.key_commands.waiting.size() >= engine::KeyCommands::kMaxWaiting) {
    return fail(ErrorCode::LimitReached,
                std::to_string(engine::KeyCommands::kMaxWaiting) +
                    " key commands are waiting already, which is the limit");
  }
  const OpId op = ++parts.last_op;
  parts.key_commands.waiting.push_back({op, command});
  parts.ask_for_keys(now, out);
  parts.settle(now, out);
  return op;
}

// Begins with the first command that waits, unless one is under way.
void Engine::Parts::ask_for_keys(TimePoint now, Effects& out) {
  while (!key_commands.is_asking && !key_commands.waiting.empty()) {
    const KeyCommand& command = key_commands.waiting.front().command;
    const Expected<QueryToken> asked = cluster.ask_keys(now, command, cluster_out);
    if (asked.has_value()) {
      key_commands.is_asking = true;
      return;
    }
    // Nobody was asked, so nobody answered: a failure of ours alone.
    KeyResult failed;
    failed.node_count = static_cast<std::uint32_t>(swim.live_count());
    failed.error_count = 1;
    failed.messages.emplace(config.node_name, asked.error().message);
    out.emplace_back(Finish{key_commands.waiting.front().op, std::move(failed)});
    key_commands.waiting.pop_front();
  }
}

void Engine::Parts::keys_answered(TimePoint now, KeyResult result, Effects& out) {
  if (!key_commands.is_asking) return;
  key_commands.is_asking = false;
  out.emplace_back(Finish{key_commands.waiting.front().op, std::move(result)});
  key_commands.waiting.pop_front();
  ask_for_keys(now, out);
}

void Engine::Parts::key_requested(TimePoint now, cluster::KeyRequested& request, Effects& out) {
  if (key_requests.waiting.size() >= engine::KeyRequests::kMaxWaiting) {
    const cluster::KeyAnswer busy{
        .done = false, .message = "too many key changes are waiting", .keys = {}};
    cluster.answer_keys(now, request.query, busy, cluster_out);
    return;
  }
  key_requests.waiting.push_back(std::move(request));
  serve_key_requests(now, out);
}

void Engine::Parts::serve_key_requests(TimePoint now, Effects& out) {
  while (!key_requests.unsaved && !key_requests.waiting.empty()) {
    const KeyCommand& command = key_requests.waiting.front().command;
    const std::vector<Bytes> before = keyring.keys();
    cluster::KeyAnswer answer =
        command.action == KeyAction::List ? list(keyring) : answer_of(change(keyring, command));
    if (command.action != KeyAction::List && answer.done) {
      rekey(before);
      if (!config.keyring_path.empty()) {
        // Also where the ring is as it was: the file may not be.
        key_requests.unsaved = std::move(answer);
        out.emplace_back(
            Save{SavedFile::Keyring, SaveMode::Replace, base::format_keyring(keyring.keys())});
        return;
      }
    }
    answer_key_request(now, answer);
  }
}

void Engine::Parts::answer_key_request(TimePoint now, const cluster::KeyAnswer& answer) {
  cluster.answer_keys(now, key_requests.waiting.front().query, answer, cluster_out);
  key_requests.waiting.pop_front();
}

// The ring in memory has changed whatever became of the file, as in Serf.
void Engine::Parts::keyring_saved(TimePoint now, const Expected<void>& result, Effects& out) {
  if (!result.has_value()) {
    out.emplace_back(
        Log{LogLevel::Error, "serf: cannot write the keyring file: " + result.error().message});
  }
  if (!key_requests.unsaved) return;
  const cluster::KeyAnswer answer = *std::exchange(key_requests.unsaved, std::nullopt);
  answer_key_request(now, result.has_value() ? answer : answer_of(result));
  serve_key_requests(now, out);
}

// What is sealed already opens with any key of the ring; what comes next is sealed with the first.
void Engine::Parts::rekey(const std::vector<Bytes>& before) {
  if (keyring.keys() == before) return;
  cipher.emplace(keyring);
  if (keyring.keys().front() == before.front()) return;
  outbox.primary_key_changed();
  told_of_worn_key = false;
}

void Engine::Parts::watch_key(Effects& out) {
  if (!cipher || told_of_worn_key ||
      !engine::is_worn_out(outbox.packets_sealed(), swim.live_count())) {
    return;
  }
  told_of_worn_key = true;
  out.emplace_back(Log{
      LogLevel::Warn,
      "serf: the members have sealed about 2^32 packets with the present primary key: replace it "
      "by a new one (gossipctl keys rotate)"});
}

}  // namespace gossip
