#include "config/json_document.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace gossip::config {
namespace {

constexpr std::size_t kMaxDepth = 8;

// Hands the parser one character after the other and tells how far it has come.
class Walker {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that iterators have
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  // NOLINTEND(readability-identifier-naming)

  Walker(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  Walker& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  Walker operator++(int) {
    Walker before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Walker& a, const Walker& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** reached_;
};

// Makes "path:line:column" of offsets into a text. Columns count characters, as TOML's do. Cheap as long as the
// offsets grow.
class Places {
 public:
  Places(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  std::string at(std::size_t offset) {
    if (offset < offset_) {
      offset_ = 0;
      line_ = column_ = 1;
    }
    for (; offset_ < std::min(offset, text_.size()); ++offset_)
      step(text_[offset_]);
    return path_ + ":" + std::to_string(line_) + ":" + std::to_string(column_);
  }

 private:
  void step(char c) {
    column_ = c == '\n' ? 1 : column_ + (base::continues_character(c) ? 0 : 1);
    if (c == '\n') ++line_;
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t offset_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

// Collects the entries while the parser walks.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  Reader(std::string_view text, const std::string& path, Mistakes& mistakes, IsSection is_section,
         const TakeEntry& take)
      : text_(text),
        places_(text, path),
        reached_(text.data()),
        mistakes_(mistakes),
        is_section_(is_section),
        take_(take) {}

  void read() {
    const bool whole = nlohmann::json::sax_parse(
        Walker(text_.data(), &reached_), Walker(text_.data() + text_.size(), &reached_), this);
    if (!whole && !refused_) refuse("not understood");
  }

  bool null() override {
    if (!at_entry()) return nested("null");
    entry_.kind = Entry::Kind::Null;
    return hand_over();
  }
  bool boolean(bool on) override { return plain(Value(on), on ? "true" : "false"); }
  bool number_integer(number_integer_t number) override {
    return plain(Value(std::int64_t{number}), "a number");
  }
  bool number_unsigned(number_unsigned_t number) override {
    const auto most = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    if (number > most) return plain(Other{"a huge number"}, "a number");
    return plain(Value(static_cast<std::int64_t>(number)), "a number");
  }
  bool number_float(number_float_t, const string_t& text) override {
    return plain(Other{"the number " + text}, "a number");
  }
  bool string(string_t& text) override {
    if (at_entry()) return plain(Value(text), "");
    if (depth_ == collect_depth_) collect(text);
    return depth_ > 0 ? passed() : refuse("expected an object");
  }
  bool binary(binary_t&) override { return nested("binary data"); }
  bool start_object(std::size_t) override {
    if (depth_ == 0) return deeper();
    if (depth_ == 1 && collect_depth_ == 0 && is_section_(entry_.key)) {
      section_ = entry_.key + ".";
      entry_.kind = Entry::Kind::Section;
      return hand_over() && deeper();
    }
    return begin(Tags{}, "a table");
  }
  bool start_array(std::size_t) override { return begin(Strings{}, "a list"); }
  bool key(string_t& name) override {
    if (depth_ == entry_depth()) {
      entry_ = {section_ + name, {}, place()};
    } else {
      inner_key_ = name;
      inner_origin_ = place();
    }
    return passed();
  }
  bool end_object() override {
    if (collect_depth_ == 0 && depth_ == entry_depth()) section_.clear();
    return end();
  }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& why) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …"
    const std::string_view text = why.what();
    const std::size_t at = text.find(": ");
    // The last character read, or where the word begins that it ends.
    const std::size_t last = std::min(std::max<std::size_t>(position, 1) - 1, text_.size());
    return refuse_at(std::min(token_begin(), last),
                     std::string(at == std::string_view::npos ? text : text.substr(at + 2)));
  }

 private:
  // Where the keys of entries stand.
  [[nodiscard]] std::size_t entry_depth() const { return section_.empty() ? 1 : 2; }
  [[nodiscard]] bool at_entry() const {
    return collect_depth_ == 0 && depth_ > 0 && depth_ == entry_depth();
  }

  // What was handed over last ends here; blanks, commas and colons are never handed over.
  bool passed() {
    passed_ = static_cast<std::size_t>(reached_ - text_.data());
    return true;
  }
  // Where the word begins that is being handed over.
  [[nodiscard]] std::size_t token_begin() const {
    return std::min(text_.find_first_not_of(" \t\r\n,:", passed_), text_.size());
  }
  std::string place() { return places_.at(token_begin()); }

  bool refuse_at(std::size_t offset, const std::string& message) {
    mistakes_.add({ErrorCode::InvalidArgument, places_.at(offset) + ": " + message});
    refused_ = true;
    return false;
  }
  bool refuse(const std::string& message) { return refuse_at(token_begin(), message); }

  bool hand_over() {
    mistakes_.add_from(take_(std::move(entry_)));
    entry_ = {};
    return passed();
  }
  bool plain(Value value, const char* what) {
    if (depth_ == 0) return refuse("expected an object");
    if (!at_entry()) return nested(what);
    entry_.said.value = std::move(value);
    return hand_over();
  }
  // Of the list or object of texts that is being read.
  void collect(const std::string& text) {
    if (auto* list = std::get_if<Strings>(&entry_.said.value)) {
      list->push_back(text);
      entry_.said.element_origins.push_back(place());
    }
    if (auto* map = std::get_if<Tags>(&entry_.said.value)) {
      const bool is_first = map->insert_or_assign(inner_key_, text).second;
      if (is_first) return;
      entry_.repeated.add([&] { return Entry::Repeated{inner_key_, inner_origin_}; });
    }
  }
  // Inside a list or object only texts are expected; what is deeper still has been told with what holds it.
  bool nested(const char* what) {
    if (depth_ == 0) return refuse("expected an object");
    const bool list = std::holds_alternative<Strings>(entry_.said.value);
    if (depth_ == collect_depth_) {
      entry_.said.wrong.add([&] {
        return Other{std::string(list ? "a list" : "a table") + " with " + what + " in it",
                     place()};
      });
    }
    return passed();
  }
  bool deeper() { return ++depth_ <= kMaxDepth ? passed() : refuse("nested too deep"); }
  bool begin(Value empty, const char* what) {
    if (collect_depth_ != 0) {
      nested(what);
    } else {
      if (depth_ == 0) entry_.origin = place();
      entry_.said.value = std::move(empty);
      collect_depth_ = depth_ + 1;
    }
    return deeper();
  }
  bool end() {
    const bool complete = depth_ == collect_depth_;
    --depth_;
    if (!complete) return passed();
    collect_depth_ = 0;
    return hand_over();
  }

  std::string_view text_;
  Places places_;
  const char* reached_;  // by the parser, which may have looked at one character behind a number
  std::size_t passed_ = 0;
  Mistakes& mistakes_;
  IsSection is_section_;
  const TakeEntry& take_;
  bool refused_ = false;
  std::size_t depth_ = 0;
  std::size_t collect_depth_ =
      0;                 // where the list or object that is being collected begins; 0: none
  std::string section_;  // "mdns." inside that object
  std::string inner_key_;
  std::string inner_origin_;
  Entry entry_;  // that is being read
};

}  // namespace

void read_json_document(std::string_view text, const std::string& path, Mistakes& mistakes,
                        IsSection is_section, const TakeEntry& take) {
  Reader(text, path, mistakes, is_section, take).read();
}

}  // namespace gossip::config
