// event NAME EVENT [PAYLOAD] [coalesce=yes], query NAME QUERY [PAYLOAD] [ack=yes] [relay=N] [node=a,b]
// [tag=name:pattern] [timeout=1s] [wait=full], respond NAME QUERY [PAYLOAD], decline NAME QUERY; with "*" for QUERY
// every one is answered from now on as soon as it is asked.
#include <algorithm>
#include <charconv>

#include "script/verbs.h"

namespace gossip::script {

namespace {

std::string word(const Command& command, std::size_t place) {
  return place < command.words.size() ? command.words[place] : std::string();
}

std::string option(const Command& command, const char* name) {
  const auto place = command.options.find(name);
  return place == command.options.end() ? std::string() : place->second;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return parts;
}

std::optional<QueryParams> read_params(const Command& command) {
  QueryParams params;
  params.name = word(command, 1);
  const std::string payload = word(command, 2);
  params.payload.assign(payload.begin(), payload.end());
  params.nodes = split(option(command, "node"));
  if (const std::string tag = option(command, "tag"); !tag.empty()) {
    const std::size_t colon = tag.find(':');
    if (colon == std::string::npos) return std::nullopt;
    params.tags.emplace(tag.substr(0, colon), tag.substr(colon + 1));
  }
  if (command.options.contains("ack")) params.acks = Acks::Wanted;
  if (option(command, "wait") == "full") params.wait = QueryWait::FullTime;
  const std::string relay = option(command, "relay");
  std::from_chars(relay.data(), relay.data() + relay.size(), params.relay_factor);
  if (const std::string timeout = option(command, "timeout"); !timeout.empty()) {
    const std::optional<Duration> parsed = parse_duration(timeout);
    if (!parsed.has_value()) return std::nullopt;
    params.timeout = *parsed;
  }
  return params;
}

template <typename Result>
void note_error(const Expected<Result>& result, Answer& answer) {
  if (!result.has_value()) answer.lines.push_back("error: " + result.error().message);
}

}  // namespace

Answer event_verb(Stage& stage, const Command& command) {
  if (command.words.size() < 2) return {{}, "event NAME EVENT [PAYLOAD]"};
  Answer answer;
  const Coalesce coalesce = command.options.contains("coalesce") ? Coalesce::Yes : Coalesce::No;
  const std::string payload = word(command, 2);
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    note_error(engine.send_event(now, command.words[1], as_bytes(payload), coalesce, out), answer);
  });
  return answer;
}

Answer query_verb(Stage& stage, const Command& command) {
  const std::optional<QueryParams> params = read_params(command);
  if (command.words.size() < 2 || !params.has_value()) return {{}, "query NAME QUERY [PAYLOAD] …"};
  Answer answer;
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    note_error(engine.send_query(now, *params, out), answer);
  });
  return answer;
}

Answer respond_verb(Stage& stage, const Command& command) {
  if (command.words.size() < 2) return {{}, "respond NAME QUERY [PAYLOAD]"};
  const std::string payload = word(command, 2);
  if (command.words[1] == "*") {
    stage.world->answer_always(command.words[0], payload);
    return {};
  }
  const std::optional<QueryToken> query = stage.world->asked(command.words[0], command.words[1]);
  if (!query.has_value()) return {{"not asked"}, {}};
  Answer answer;
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    note_error(engine.respond(now, *query, as_bytes(payload), out), answer);
  });
  return answer;
}

Answer decline_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 2) return {{}, "decline NAME QUERY"};
  if (command.words[1] == "*") {
    stage.world->answer_always(command.words[0], std::nullopt);
    return {};
  }
  const std::optional<QueryToken> query = stage.world->asked(command.words[0], command.words[1]);
  if (!query.has_value()) return {{"not asked"}, {}};
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    engine.decline(now, *query, out);
  });
  return {};
}

}  // namespace gossip::script
