#include "agent/rpc/key_commands.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/base64.h"

namespace gossip::agent::rpc {
namespace {

KeyAction action_of(gossip::rpc::KeyChange change) {
  switch (change) {
    case gossip::rpc::KeyChange::Install: return KeyAction::Install;
    case gossip::rpc::KeyChange::Use: return KeyAction::Use;
    case gossip::rpc::KeyChange::Remove: return KeyAction::Remove;
  }
  return KeyAction::Install;
}

bool in_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// Which byte Go's decoder would complain of (encoding/base64, standard alphabet with padding): the first that
// cannot stand where it does, or where the last group of four began that is not full.
std::size_t first_bad_byte(std::string_view text) {
  const auto body =
      static_cast<std::size_t>(std::ranges::find_if_not(text, in_alphabet) - text.begin());
  const std::size_t in_group = body % 4;
  if (body == text.size()) return in_group == 0 ? body : body - in_group;
  if (text[body] != '=' || in_group < 2) return body;
  if (in_group == 3) return body + 1;               // one '=' ends it: something follows
  if (body + 1 == text.size()) return text.size();  // the second '=' is missing
  return text[body + 1] == '=' ? body + 2 : body;
}

}  // namespace

Expected<KeyCommand> to_command(const gossip::rpc::KeyRequest& request) {
  std::string text = request.key;
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });  // as Go's decoder does
  std::optional<Bytes> key = base::decode_base64(text);
  if (key) return KeyCommand{action_of(request.change), std::move(*key), 0};
  return fail(ErrorCode::InvalidArgument,
              "illegal base64 data at input byte " + std::to_string(first_bad_byte(text)));
}

Reply reply_to(KeyAction action, const KeyResult& result) {
  gossip::rpc::KeyResponse body;
  body.messages = result.messages;
  if (action == KeyAction::List) {
    body.keys.emplace(result.keys.begin(), result.keys.end());
    body.primaries.insert(result.primaries.begin(), result.primaries.end());
  }
  body.node_count = result.node_count;
  body.error_count = result.error_count;
  body.response_count = result.response_count;
  body.silent = result.silent;
  std::string error;
  const std::string of_all = "/" + std::to_string(result.node_count) + " nodes reported ";
  if (result.error_count > 0) {
    error = std::to_string(result.error_count) + of_all + "failure";
  } else if (result.response_count < result.node_count) {
    error = std::to_string(result.response_count) + of_all + "success";
  }
  return {std::move(error), std::move(body)};
}

}  // namespace gossip::agent::rpc
