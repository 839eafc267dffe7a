// pattern = object
// object  = "{" ( name ":" ( object | clauses ) | "$or" ":" "[" object ( "," object )+ "]" )+ "}"
//
// Reading goes through the text once and keeps the list of alternatives read so far: a field is
// added to each of them, and each object of an `$or` continues a copy of all of them.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "bus/clause_parse.h"
#include "bus/limits.h"
#include "bus/pattern.h"
#include "bus/pattern_lexer.h"
#include "bus/pattern_program.h"

namespace presso::bus {
namespace {

using Token = PatternLexer::Token;

constexpr std::string_view kCode = "InvalidEventPatternException";
constexpr std::string_view kOr = "$or";

// Names that are operators, or may become one, are no fields inside an `$or`.
constexpr std::array<std::string_view, 24> kReservedInOr = {"exactly",
                                                            "equals-ignore-case",
                                                            "prefix",
                                                            "suffix",
                                                            "anything-but",
                                                            "exists",
                                                            "wildcard",
                                                            "numeric",
                                                            "cidr",
                                                            "=",
                                                            "<",
                                                            "<=",
                                                            ">",
                                                            ">=",
                                                            "regex",
                                                            "not-wildcard",
                                                            "not-equals-ignore-case",
                                                            "date-after",
                                                            "date-on-or-after",
                                                            "date-before",
                                                            "date-on-or-before",
                                                            "in-date-range",
                                                            "ip-address-in-range",
                                                            "ip-address-not-in-range"};

struct JavaOrder {
  bool operator()(const std::string& left, const std::string& right) const {
    return comes_before(left, right);
  }
};

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : lexer_(text) {}

  Result<PatternProgram> read() {
    auto token = lexer_.next();
    if (!token) return token.error();
    if (*token != Token::StartObject) return lexer_.error("Filter is not an object");
    if (auto object = read_object("", false); !object) return object.error();
    PatternProgram program;
    bool sees_empty_names = false;
    for (const auto& fields : alternatives_) {
      auto& alternative = program.alternatives.emplace_back();
      for (const auto& [path, clauses] : fields) {
        sees_empty_names = sees_empty_names || has_empty_step(path);
        alternative.push_back({path, clauses, path.ends_with('.')});
      }
    }
    if (sees_empty_names) {
      for (auto& alternative : program.alternatives) {
        for (FieldTest& test : alternative) test.is_unseen = false;
      }
    }
    program.clauses = std::move(clauses_);
    return program;
  }

 private:
  using Fields = std::map<std::string, std::size_t, JavaOrder>;

  // AWS: a name is joined to what stands before it with a dot, and to nothing when that is empty.
  static std::string join(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }

  static bool has_empty_step(std::string_view path) {
    while (path.ends_with('.')) path.remove_suffix(1);
    return path.starts_with('.') || path.find("..") != std::string_view::npos;
  }

  Result<void> read_object(const std::string& path, bool is_in_or) {
    bool is_empty = true;
    for (;;) {
      auto token = lexer_.next();
      if (!token) return token.error();
      if (*token == Token::EndObject) break;
      is_empty = false;
      if (auto field = read_field(path, is_in_or); !field) return field;
    }
    if (is_empty) return lexer_.error("Empty objects are not allowed");
    return {};
  }

  Result<void> read_field(const std::string& path, bool is_in_or) {
    const std::string name = lexer_.name();
    if (name == kOr) return read_or(path);
    if (is_in_or &&
        std::find(kReservedInOr.begin(), kReservedInOr.end(), name) != kReservedInOr.end()) {
      return lexer_.error(name + " is Ruler reserved fieldName which cannot be used inside $or.");
    }
    auto token = lexer_.next();
    if (!token) return token.error();
    if (*token == Token::StartObject) return read_object(join(path, name), is_in_or);
    if (*token != Token::StartArray) {
      return lexer_.error('"' + name + "\" must be an object or an array");
    }
    auto clauses = parse_clauses(lexer_);
    if (!clauses) return clauses.error();
    clauses_.push_back(std::move(*clauses));
    if (alternatives_.empty()) alternatives_.emplace_back();
    for (Fields& fields : alternatives_) {
      fields.insert_or_assign(join(path, name), clauses_.size() - 1);
    }
    return {};
  }

  Result<void> read_or(const std::string& path) {
    auto token = lexer_.next();
    if (!token) return token.error();
    if (*token != Token::StartArray) {
      return lexer_.error("It must be an Array followed with $or.");
    }
    std::vector<Fields> before = std::move(alternatives_);
    if (before.empty()) before.emplace_back();
    std::vector<Fields> after;
    std::size_t objects = 0;
    for (;;) {
      token = lexer_.next();
      if (!token) return token.error();
      if (*token == Token::EndArray) break;
      ++objects;
      if (*token != Token::StartObject) {
        return lexer_.error("Only JSON object is allowed in array of $or relationship.");
      }
      alternatives_ = before;
      if (auto object = read_object(path, true); !object) return object;
      if (after.size() + alternatives_.size() > kMaxPatternCombinations) {
        return Error{std::string{kCode},
                     "Rule is too complex - the $or relationships give more than " +
                         std::to_string(kMaxPatternCombinations) + " combinations"};
      }
      after.insert(after.end(), std::make_move_iterator(alternatives_.begin()),
                   std::make_move_iterator(alternatives_.end()));
    }
    if (objects < 2) {
      return lexer_.error("There must have at least 2 Objects in $or relationship.");
    }
    alternatives_ = std::move(after);
    return {};
  }

  PatternLexer lexer_;
  std::vector<std::vector<Clause>> clauses_;
  std::vector<Fields> alternatives_;
};

struct CollectWildcards {
  std::vector<const Wildcard*>& found;

  void operator()(const Test& test) const {
    if (const auto* wildcard = std::get_if<Wildcard>(&test)) found.push_back(wildcard);
  }
  void operator()(const AnythingBut& but) const {
    for (const Test& test : but.tests) (*this)(test);
  }
  void operator()(const Exists&) const {}
  void operator()(const Absent&) const {}
};

bool is_too_complex(const std::vector<Clause>& clauses) {
  std::vector<const Wildcard*> wildcards;
  for (const Clause& clause : clauses) std::visit(CollectWildcards{wildcards}, clause);
  return complexity(wildcards) > kMaxWildcardComplexity;
}

// Bytes of UTF-8 in the order of UTF-16: the lead bytes of U+E000 to U+FFFF go behind all others.
int rank(char byte) {
  const int value = static_cast<unsigned char>(byte);
  return value == 0xEE || value == 0xEF ? value + 0x10 : value;
}

}  // namespace

bool comes_before(std::string_view left, std::string_view right) {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (r == right.end()) return false;
  return l == left.end() || rank(*l) < rank(*r);
}

Result<PatternProgram> parse_pattern(std::string_view text) {
  auto program = PatternReader{text}.read();
  if (program && std::any_of(program->clauses.begin(), program->clauses.end(), is_too_complex)) {
    program = Error{std::string{kCode},
                    "Rule is too complex - try using fewer wildcard characters or fewer repeating "
                    "character sequences after a wildcard character"};
  }
  if (!program) {
    return Error{std::string{kCode},
                 "Event pattern is not valid. Reason: " + program.error().message};
  }
  program->text = text;
  return program;
}

Pattern::Pattern(std::shared_ptr<const PatternProgram> program) : program_(std::move(program)) {}

Result<Pattern> Pattern::compile(std::string_view text) {
  auto program = parse_pattern(text);
  if (!program) return program.error();
  return Pattern{std::make_shared<const PatternProgram>(std::move(*program))};
}

const std::string& Pattern::text() const { return program_->text; }

}  // namespace presso::bus
