#include "agent/handlers/spec.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

std::string parsed(std::string_view text) {
  const Expected<std::vector<HandlerSpec>> specs = parse_handler(text);
  if (!specs) return "error: " + specs.error().message;
  std::string keys;
  for (const HandlerSpec& spec : *specs)
    keys += "[" + spec.key() + " → " + spec.command + "]";
  return keys;
}

Event query(const std::string& name) {
  Query query;
  query.name = name;
  return query;
}

TEST_CASE("a handler is written as in Serf") {
  CHECK(parsed("./x.sh") == "[*: → ./x.sh]");
  CHECK(parsed("=echo always") == "[*: → echo always]");
  CHECK(parsed("*=echo star") == "[*: → echo star]");
  CHECK(parsed("member-join=./x.sh a b") == "[member-join: → ./x.sh a b]");
  CHECK(parsed("user:deploy=x") == "[user:deploy → x]");
  CHECK(parsed("user:=x") == "[user: → x]");
  CHECK(parsed("user:with space=x") == "[user:with space → x]");
  CHECK(parsed("query,user=echo $SERF_EVENT") ==
        "[query: → echo $SERF_EVENT][user: → echo $SERF_EVENT]");
  CHECK(parsed("*=A=1 x.sh") == "[*: → A=1 x.sh]");
}

TEST_CASE("only the first equals sign splits") {
  CHECK(parsed("query:a=b=echo") == "[query:a → b=echo]");
}

TEST_CASE("a handler that is none says what its parts were taken for") {
  const std::string wrong = parsed("A=1 x.sh");
  CHECK(wrong.find("Invalid event script: \"A\" stands before the first \"=\" of \"A=1 x.sh\"") !=
        std::string::npos);
  CHECK(wrong.find("\"*=A=1 x.sh\"") != std::string::npos);
  CHECK(parsed("member-join, user=x").find("\" user\"") != std::string::npos);
  CHECK(parsed("member-join,=x").find("error: ") == 0);
  CHECK(parsed("member-gone=x").find("error: ") == 0);
  CHECK(parsed("") == "error: no command");
  CHECK(parsed("user=") == "error: no command after the \"=\" of \"user=\"");
  CHECK(parsed(std::string_view("a\0b", 3)).find("NUL") != std::string::npos);
}

TEST_CASE("who forgets the command of a handler is warned, since its events are run as one") {
  CHECK(doubt_about_handler("user:deploy") ==
        "\"user:deploy\" is run as a command for all events; for a command of these events write "
        "\"user:deploy=COMMAND\"");
  for (const char* text : {"member-join", "query", "member-join,user:a", "*", "user:x /bin/y"})
    CHECK_FALSE(doubt_about_handler(text).empty());
  for (const char* text : {"user:deploy=x", "./x.sh", "users", "", "=x", "member-join x"})
    CHECK(doubt_about_handler(text).empty());
}

TEST_CASE("a handler takes the events it names") {
  const HandlerSpec load = parse_handler("query:load=x")->front();
  CHECK(load.filter.wants(query("load")));
  CHECK_FALSE(load.filter.wants(query("other")));
  CHECK_FALSE(load.filter.wants(UserEvent{1, "load", {}, Coalesce::No}));
  CHECK_FALSE(load.filter.wants(MemberEvent{}));
  CHECK(parse_handler("x")->front().filter.wants(MemberEvent{}));
}

}  // namespace
}  // namespace gossip::agent
