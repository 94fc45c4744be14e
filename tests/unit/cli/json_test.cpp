#include "cli/json.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

std::string as_json(std::string_view text) {
  JsonWriter writer(JsonLayout::OneLine);
  writer.text(text);
  std::string out = writer.take();
  out.pop_back();  // the newline
  return out;
}

TEST_CASE("objects and arrays are indented by two spaces, empty ones stay on their line") {
  JsonWriter writer(JsonLayout::Indented);
  writer.begin_object();
  writer.key("a");
  writer.begin_array();
  writer.number(1);
  writer.begin_object();
  writer.end_object();
  writer.begin_array();
  writer.end_array();
  writer.end_array();
  writer.key("b");
  writer.truth(true);
  writer.end_object();
  CHECK(writer.take() == "{\n  \"a\": [\n    1,\n    {},\n    []\n  ],\n  \"b\": true\n}\n");
}

TEST_CASE("texts are an array") {
  JsonWriter writer(JsonLayout::OneLine);
  writer.begin_array();
  writer.texts({"a", "<b>"});
  writer.texts({});
  writer.end_array();
  CHECK(writer.take() == "[[\"a\",\"\\u003cb\\u003e\"],[]]\n");
}

TEST_CASE("one line has no white space, and the writer can be used again") {
  JsonWriter writer(JsonLayout::OneLine);
  for (int i = 0; i < 2; ++i) {
    writer.begin_object();
    writer.key("a");
    writer.begin_array();
    writer.text("x");
    writer.text("y");
    writer.end_array();
    writer.key("b");
    writer.truth(false);
    writer.end_object();
    CHECK(writer.take() == "{\"a\":[\"x\",\"y\"],\"b\":false}\n");
  }
}

// What Go 1.19's json.Marshal gives for the same strings.
TEST_CASE("strings are escaped as Go does") {
  CHECK(as_json("plain \u00e9 \u20ac \U0001f600") == "\"plain \u00e9 \u20ac \U0001f600\"");
  CHECK(as_json("\"\\/") == R"("\"\\/")");
  CHECK(as_json("<a&b>") == R"("\u003ca\u0026b\u003e")");
  CHECK(as_json("\n\r\t\b\f\x1b") == R"("\n\r\t\u0008\u000c\u001b")");
  CHECK(as_json(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(as_json("\u2028\u2029") == R"("\u2028\u2029")");
}

TEST_CASE("no control character stands in JSON as it is, though Go lets some") {
  CHECK(as_json("\x7f\u0080\u009b\u009f\u00a0") == "\"\\u007f\\u0080\\u009b\\u009f\u00a0\"");
}

TEST_CASE("each byte that is no UTF-8 becomes one replacement character") {
  CHECK(as_json("a\xff\xfe"
                "b") == R"("a\ufffd\ufffdb")");
  CHECK(as_json("\xc3") == R"("\ufffd")");                      // cut off
  CHECK(as_json("\xc0\x80") == R"("\ufffd\ufffd")");            // overlong
  CHECK(as_json("\xed\xa0\x80") == R"("\ufffd\ufffd\ufffd")");  // a surrogate
  CHECK(as_json("\xf4\x90\x80\x80") == R"("\ufffd\ufffd\ufffd\ufffd")");
}

}  // namespace
}  // namespace gossip::cli
