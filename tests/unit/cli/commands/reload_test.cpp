#include "cli/commands/reload.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

TEST_CASE("a reload is told in a line each, escaped, and one without news says so") {
  CHECK(format_reload({}, Format::Text) == "Nothing has changed.\n");
  CHECK(format_reload({{"tags", "log_level"}, {"bind"}, {"low\n"}, {"tags not reloaded: x"}},
                      Format::Text) ==
        "Warning: low\\n\nFailed: tags not reloaded: x\nTaken over: tags, log_level\n"
        "Waiting for a restart: bind\n");
}

TEST_CASE("a reload as JSON has all four lists") {
  CHECK(format_reload({{"tags"}, {}, {}, {}}, Format::Json) ==
        "{\n  \"taken\": [\n    \"tags\"\n  ],\n  \"restart\": [],\n  \"warnings\": [],\n"
        "  \"failed\": []\n}\n");
}

}  // namespace
}  // namespace gossip::cli
