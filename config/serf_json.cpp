#include "config/serf_json.h"

#include <functional>
#include <iterator>
#include <optional>

#include <nlohmann/json.hpp>

#include "config/files.h"
#include "config/options.h"
#include "config/text.h"

namespace gossip::config {
namespace {

constexpr std::size_t kMaxDepth = 8;

// Hands the parser one character after the other and counts the lines it has taken.
class LineCounter {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that iterators have
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  // NOLINTEND(readability-identifier-naming)

  LineCounter(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineCounter& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  LineCounter operator++(int) {
    LineCounter before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const LineCounter& a, const LineCounter& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

// Collects one flat document: an object whose values are plain, lists or objects of texts, or a lone list.
// The entries of an object that is a section count as entries of the outermost one. Deeper things become an
// `Other`, which no option takes.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  // Called with each entry of the outermost object and the line of its key, and with the key "" for a
  // lone list.
  using Entry =
      std::function<Expected<void>(const std::string& key, Value value, std::size_t line)>;

  using IsSection = bool (*)(const std::string& key);

  Reader(const std::size_t& line, IsSection is_section, Entry entry)
      : line_(line), is_section_(is_section), entry_(std::move(entry)) {}

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  bool null() override { return at_entry() ? true : nested("null"); }
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
    if (depth_ == collect_depth_) {
      if (auto* list = std::get_if<Strings>(&collected_)) list->push_back(text);
      if (auto* map = std::get_if<Tags>(&collected_)) (*map)[inner_key_] = text;
    }
    return depth_ > 0 || refuse("expected an object");
  }
  bool binary(binary_t&) override { return nested("binary data"); }
  bool start_object(std::size_t) override {
    if (depth_ == 0) return deeper();
    if (depth_ == 1 && collect_depth_ == 0 && is_section_(key_)) {
      section_ = key_ + ".";
      return deeper();
    }
    return begin(Tags{}, "a table");
  }
  bool start_array(std::size_t) override { return begin(Strings{}, "a list"); }
  bool key(string_t& name) override {
    if (depth_ == entry_depth()) {
      key_ = section_ + name;
      key_line_ = line_;
    } else {
      inner_key_ = name;
    }
    return true;
  }
  bool end_object() override {
    if (collect_depth_ == 0 && depth_ == entry_depth()) section_.clear();
    return end();
  }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& why) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …"
    const std::string_view text = why.what();
    const std::size_t at = text.find(": ");
    return refuse(std::string(at == std::string_view::npos ? text : text.substr(at + 2)));
  }

 private:
  // Where the keys of entries stand.
  [[nodiscard]] std::size_t entry_depth() const { return section_.empty() ? 1 : 2; }
  [[nodiscard]] bool at_entry() const {
    return collect_depth_ == 0 && depth_ > 0 && depth_ == entry_depth();
  }

  bool refuse(std::string message) {
    if (!error_) error_ = Error{ErrorCode::InvalidArgument, std::move(message)};
    return false;
  }
  bool hand_over(Value value) {
    Expected<void> taken = entry_(key_, std::move(value), key_line_);
    if (!taken) error_ = taken.error();
    return taken.has_value();
  }
  bool plain(Value value, const char* what) {
    if (depth_ == 0) return refuse("expected an object");
    return at_entry() ? hand_over(std::move(value)) : nested(what);
  }
  // Inside a list or object only texts are expected.
  bool nested(const char* what) {
    if (depth_ == 0) return refuse("expected an object");
    const bool list = std::holds_alternative<Strings>(collected_);
    if (!std::holds_alternative<Other>(collected_)) {
      collected_ = Other{std::string(list ? "a list" : "a table") + " with " + what + " in it"};
    }
    return true;
  }
  bool deeper() { return ++depth_ <= kMaxDepth || refuse("nested too deep"); }
  bool begin(Value empty, const char* what) {
    if (collect_depth_ != 0) {
      nested(what);
    } else {
      collected_ = std::move(empty);
      collect_depth_ = depth_ + 1;
    }
    return deeper();
  }
  bool end() {
    const bool complete = depth_ == collect_depth_;
    --depth_;
    if (!complete) return true;
    collect_depth_ = 0;
    return hand_over(std::move(collected_));
  }

  const std::size_t& line_;
  IsSection is_section_;
  Entry entry_;
  std::optional<Error> error_;
  std::size_t depth_ = 0;
  std::size_t collect_depth_ =
      0;                 // where the list or object that is being collected begins; 0: none
  std::string section_;  // "mdns." inside that object
  std::string key_;
  std::size_t key_line_ = 1;
  std::string inner_key_;
  Value collected_;
};

std::string place(const std::string& path, std::size_t line) {
  return path + ":" + std::to_string(line);
}

bool no_sections(const std::string& /*key*/) {
  return false;
}

// Calls `entry` with origin "path:line" for each entry; adds that place to errors of the document itself.
template <typename TakeEntry>
Expected<void> read(std::string_view text, const std::string& path, Reader::IsSection is_section,
                    TakeEntry take) {
  std::size_t line = 1;
  bool located = false;
  Reader reader(line, is_section, [&](const std::string& key, Value value, std::size_t at) {
    Expected<void> taken = take(key, std::move(value), place(path, at));
    located = !taken.has_value();
    return taken;
  });
  const char* begin = text.data();
  const bool whole = nlohmann::json::sax_parse(LineCounter(begin, &line),
                                               LineCounter(begin + text.size(), &line), &reader);
  if (whole) return {};
  Error error = reader.error().value_or(Error{ErrorCode::InvalidArgument, "not understood"});
  if (!located) error.message = place(path, line) + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace

Expected<void> apply_serf_json(Settings& settings, std::string_view text, const std::string& path) {
  return read(
      text, path, [](const std::string& key) { return is_section(lower(key)); },
      [&](const std::string& key, const Value& value, const std::string& origin) -> Expected<void> {
        if (key.empty() && std::holds_alternative<Strings>(value)) {
          return fail(ErrorCode::InvalidArgument, origin + ": expected an object, got a list");
        }
        const Option* option = find_key(lower(key));
        if (option == nullptr) return tl::unexpected<Error>(unknown_key(origin, key));
        return apply(settings, *option, value, origin);
      });
}

Expected<Tags> parse_json_map(std::string_view text, const std::string& path) {
  Tags map;
  const Expected<void> whole =
      read(text, path, no_sections,
           [&](const std::string& key, Value value, const std::string& origin) -> Expected<void> {
             auto* item = std::get_if<std::string>(&value);
             if (item == nullptr) {
               return fail(ErrorCode::InvalidArgument, origin + ": expected an object of texts");
             }
             map[key] = std::move(*item);
             return {};
           });
  if (!whole) return tl::unexpected<Error>(whole.error());
  return map;
}

std::string json_map(const Tags& map) {
  if (map.empty()) return "{}";
  std::string out = "{";
  for (const auto& [key, value] : map) {
    out += out.size() == 1 ? "\n  " : ",\n  ";
    out += quoted(key, Angles::Escaped) + ": " + quoted(value, Angles::Escaped);
  }
  return out + "\n}";
}

}  // namespace gossip::config
