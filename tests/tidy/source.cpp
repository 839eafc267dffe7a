#include "tests/tidy/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"

namespace presso::tidy {

namespace {

namespace fs = std::filesystem;

// Separates C++ into code and comments, one character after the other.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_{text} {}

  void run(Source& source) {
    while (position_ < text_.size()) {
      if (starts("//")) {
        line_comment();
      } else if (starts("/*")) {
        block_comment();
      } else if (text_[position_] == '"') {
        is_raw() ? raw_string() : quoted('"');
      } else if (text_[position_] == '\'' && !is_digit_separator()) {
        quoted('\'');
      } else {
        emit(text_[position_], ' ');
      }
    }
    for (const std::string_view line : split(code_, '\n')) source.code.emplace_back(line);
    for (const std::string_view line : split(comments_, '\n')) source.comments.emplace_back(line);
  }

 private:
  [[nodiscard]] bool starts(std::string_view prefix) const {
    return text_.substr(position_).starts_with(prefix);
  }
  [[nodiscard]] std::string_view word_before() const {
    std::size_t begin = position_;
    while (begin > 0 && (is_word(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
    return text_.substr(begin, position_ - begin);
  }
  // 1'000 and 0xff'ff, but not u'x'.
  [[nodiscard]] bool is_digit_separator() const {
    const std::string_view word = word_before();
    return !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) != 0;
  }
  [[nodiscard]] bool is_raw() const {
    constexpr std::array<std::string_view, 4> kPrefixes = {"R", "u8R", "uR", "LR"};
    return std::ranges::find(kPrefixes, word_before()) != kPrefixes.end();
  }

  void emit(char code, char comment) {
    const bool is_end = text_[position_] == '\n';
    code_ += is_end ? '\n' : code;
    comments_ += is_end ? '\n' : comment;
    ++position_;
  }
  void blank() { emit(' ', ' '); }
  void line_comment() {
    blank();
    blank();
    while (position_ < text_.size() && text_[position_] != '\n') emit(' ', text_[position_]);
  }
  void block_comment() {
    blank();
    blank();
    while (position_ < text_.size() && !starts("*/")) emit(' ', text_[position_]);
    for (int i = 0; i < 2 && position_ < text_.size(); ++i) blank();
  }
  void quoted(char quote) {
    emit(quote, ' ');
    while (position_ < text_.size() && text_[position_] != quote && text_[position_] != '\n') {
      if (text_[position_] == '\\' && position_ + 1 < text_.size()) blank();
      blank();
    }
    if (position_ < text_.size()) emit(text_[position_], ' ');
  }
  void raw_string() {
    emit('"', ' ');
    const std::size_t open = std::min(text_.find('(', position_), text_.size());
    const std::string end = ")" + std::string{text_.substr(position_, open - position_)} + "\"";
    while (position_ < text_.size() && !starts(end)) blank();
    for (std::size_t i = 1; i < end.size() && position_ < text_.size(); ++i) blank();
    if (position_ < text_.size()) emit('"', ' ');
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::string code_;
  std::string comments_;
};

Kind kind_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  const std::string name = path.filename().string();
  if (extension == ".h" || extension == ".cpp") return Kind::Cpp;
  if (extension == ".md") return Kind::Document;
  constexpr std::array<std::string_view, 6> kScripts = {".mjs",  ".js",  ".sh",
                                                        ".yaml", ".yml", ".py"};
  constexpr std::array<std::string_view, 7> kNames = {
      "dev", "run", "CMakeLists.txt", "Dockerfile", "test-image", ".clang-tidy", ".clang-format"};
  const bool is_script = std::ranges::find(kScripts, extension) != kScripts.end() ||
                         std::ranges::find(kNames, name) != kNames.end();
  return is_script ? Kind::Script : Kind::Data;
}

bool is_skipped_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with("build") || name == ".git" || name == "node_modules" || name == ".cache";
}

// Data to test with: made of what would be a mistake anywhere else.
bool is_test_data(const std::string& path, Kind kind) {
  return path.starts_with("tests/") && kind == Kind::Data;
}

}  // namespace

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

std::size_t find_token(std::string_view line, std::string_view token, std::size_t from) {
  for (std::size_t at = line.find(token, from); at != std::string_view::npos;
       at = line.find(token, at + 1)) {
    const std::size_t end = at + token.size();
    const bool begins = at == 0 || !is_word(token.front()) || !is_word(line[at - 1]);
    const bool ends = end >= line.size() || !is_word(token.back()) || !is_word(line[end]);
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

Source make_source(std::string path, std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  Source source{
      .path = std::move(path), .kind = Kind::Data, .lines = {}, .code = {}, .comments = {}};
  source.kind = kind_of(source.path);
  for (const std::string_view line : split(text, '\n')) source.lines.emplace_back(line);
  if (source.kind == Kind::Cpp) Splitter{text}.run(source);
  return source;
}

std::vector<Source> read_tree(const std::string& root) {
  std::vector<Source> sources;
  for (auto it = fs::recursive_directory_iterator{root}; it != fs::recursive_directory_iterator{};
       ++it) {
    if (it->is_directory() && is_skipped_folder(it->path())) it.disable_recursion_pending();
    if (!it->is_regular_file()) continue;
    std::string path = it->path().lexically_relative(root).generic_string();
    if (is_test_data(path, kind_of(path))) continue;
    std::ifstream file{it->path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (is_utf8(text)) sources.push_back(make_source(std::move(path), text));
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

std::string to_string(const Violation& violation) {
  return violation.path + ":" + std::to_string(violation.line) + ": " + violation.rule;
}

}  // namespace presso::tidy
