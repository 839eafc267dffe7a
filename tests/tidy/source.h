// A file of the tree as the rules see it: its lines, and for C++ the same lines with comments and
// the insides of strings blanked, so that a rule about code is not set off by prose.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace presso::tidy {

enum class Kind { Cpp, Script, Document, Data };

struct Source {
  std::string path;  // from the root of the tree, with '/'
  Kind kind = Kind::Data;
  std::vector<std::string> lines;
  std::vector<std::string> code;      // as long as `lines`; empty unless C++
  std::vector<std::string> comments;  // what follows "//", or what is inside "/* */", on that line
};

// Letter, digit or underscore.
[[nodiscard]] bool is_word(char character);
// Where `token` stands as a word of its own, or npos.
[[nodiscard]] std::size_t find_token(std::string_view line, std::string_view token,
                                     std::size_t from = 0);

[[nodiscard]] Source make_source(std::string path, std::string_view text);
// Every file below `root` that is somebody's writing: no build folders, no test data. By path.
[[nodiscard]] std::vector<Source> read_tree(const std::string& root);

struct Violation {
  std::string path;
  std::size_t line = 0;  // from 1
  std::string rule;

  friend bool operator==(const Violation&, const Violation&) = default;
};

// "engine/run/step.cpp:12: rule"
[[nodiscard]] std::string to_string(const Violation&);

}  // namespace presso::tidy
