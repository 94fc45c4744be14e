#include "cli/text.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

TEST_CASE("a line keeps what is printable") {
  CHECK(escape_line("tabs\tand \\ and \"\u00e9\"") == "tabs\tand \\ and \"\u00e9\"");
}

TEST_CASE("a line has no power over the terminal") {
  CHECK(escape_line("a\nb\r\x1b[31m\x7f") == "a\\nb\\r\\x1b[31m\\x7f");
  CHECK(escape_line("\u009b31m") == "\\u009b31m");  // the one-character form of ESC [
  CHECK(escape_line("x\u202ey\u200b") == "x\\u202ey\\u200b");
  CHECK(escape_line("\xff\xc3") == "\\xff\\xc3");
}

TEST_CASE("an ordinary word stands without quotes") {
  for (const char* word : {"web", "a-b_c.d", "C:\\x", "b=2", "\u00fcml\u00e4ut", "(a|b)"}) {
    CHECK(quote_word(word, ",") == word);
  }
}

TEST_CASE("a word that could be misread stands in quotes") {
  CHECK(quote_word("", "") == "\"\"");
  CHECK(quote_word("a b", "") == "\"a b\"");
  CHECK(quote_word("a,b", ",") == "\"a,b\"");
  CHECK(quote_word("a,b", "") == "a,b");
  CHECK(quote_word("say \"x\\y\"", "") == "\"say \\\"x\\\\y\\\"\"");
  CHECK(quote_word("a\n\tb", "") == "\"a\\n\\tb\"");
  CHECK(quote_word("\xff", "") == "\"\\xff\"");
  CHECK(quote_word("a\u00a0b", "") == "\"a\u00a0b\"");
}

TEST_CASE("width counts characters, not bytes") {
  CHECK(text_width("") == 0);
  CHECK(text_width("abc") == 3);
  CHECK(text_width("\u00fc\u20ac\U0001f600") == 3);
  CHECK(text_width("\xff\xff") == 2);
}

TEST_CASE("a line is cut between characters") {
  CHECK(cut_to_width("", 3).empty());
  CHECK(cut_to_width("abc", 0).empty());
  CHECK(cut_to_width("abc", 3) == "abc");
  CHECK(cut_to_width("a\u20acb", 2) == "a\u20ac");
  CHECK(cut_to_width("\xff\xff\xff", 2) == "\xff\xff");
}

}  // namespace
}  // namespace gossip::cli
