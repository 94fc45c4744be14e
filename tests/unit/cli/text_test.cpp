#include "cli/text.h"

#include <clocale>

#include <doctest/doctest.h>

#include "cli/table.h"

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

TEST_CASE("of a long list the beginning is told, and how much more there is") {
  const std::vector<std::string> few{"a", "", "c"};
  CHECK(list_some({}, 3, ", ").empty());
  CHECK(list_some(few, 3, ", ") == "a, , c");
  CHECK(list_some(few, 2, " ") == "a  … and 1 more");
  CHECK(list_some(std::vector<std::string>(1'016, "x"), 2, ", ") == "x, x … and 1,014 more");
}

TEST_CASE("width counts characters, not bytes") {
  CHECK(text_width("") == 0);
  CHECK(text_width("abc") == 3);
  CHECK(text_width("\u00fc\u20ac\U0001f600") == 3);
  CHECK(text_width("\xff\xff") == 2);
}

// As gossipctl's main does, for one test.
class WideCharacters {
 public:
  WideCharacters() = default;
  ~WideCharacters() { std::setlocale(LC_CTYPE, "C"); }
  WideCharacters(const WideCharacters&) = delete;
  WideCharacters& operator=(const WideCharacters&) = delete;
  WideCharacters(WideCharacters&&) = delete;
  WideCharacters& operator=(WideCharacters&&) = delete;

  [[nodiscard]] bool are_known() const { return known_; }

 private:
  bool known_ = know_wide_characters();
};

TEST_CASE("wide characters have two columns, and what is put upon others none") {
  const WideCharacters wide;
  if (!wide.are_known()) {
    MESSAGE("this host has no locale C.UTF-8");
    return;
  }
  CHECK(text_width("\u65e5\u672c") == 4);
  CHECK(text_width("\U0001f600") == 2);
  CHECK(text_width("e\u0301\u00fc\u20ac\u2026") == 4);
  CHECK(text_width("\xff\u0378") == 2);  // no character, and one that nobody has given a meaning
  CHECK(cut_to_width("\u65e5\u672c", 3) == "\u65e5");
  CHECK(cut_to_width("\u65e5\u672c", 1).empty());
  CHECK(cut_to_width("e\u0301x", 1) == "e\u0301");
  CHECK(cut_with_mark("\u65e5\u672c\u65e5", 5) == "\u65e5\u672c\u2026");
  CHECK(cut_with_mark("\u65e5\u672c\u65e5", 4) == "\u65e5\u2026");
  CHECK(format_table({{"\u65e5\u672c", "x"}, {"abc", "y"}}) == "\u65e5\u672c  x\nabc   y\n");
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
