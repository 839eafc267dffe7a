// A token has up to three meanings: what it is at the start of an expression (prefix), what it does
// to the expression on its left (infix), and how strongly it holds that expression (power).
#include "lang/jsonata/parse.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/lexer.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/regex.h"
#include "lang/jsonata/signature.h"

namespace presso::jsonata {

namespace {

struct Infix {
  std::string_view name;
  int power;
  Kind kind;
  Op op = Op::Add;
};

constexpr int kUnaryPower = 70;
constexpr int kBindPower = 10;
constexpr auto kInfixes = std::to_array<Infix>({
    {".", 75, Kind::Dot},
    {"[", 80, Kind::Predicate},
    {"{", 70, Kind::GroupBy},
    {"(", 80, Kind::Call},
    {"@", 80, Kind::Focus},
    {"#", 80, Kind::Index},
    {"?", 20, Kind::Condition},
    {"?:", 40, Kind::Default},
    {"??", 40, Kind::Coalesce},
    {":=", kBindPower, Kind::Bind},
    {"~>", 40, Kind::Apply},
    {"^", 40, Kind::Sort},
    {"+", 50, Kind::Binary, Op::Add},
    {"-", 50, Kind::Binary, Op::Subtract},
    {"*", 60, Kind::Binary, Op::Multiply},
    {"/", 60, Kind::Binary, Op::Divide},
    {"%", 60, Kind::Binary, Op::Modulo},
    {"=", 40, Kind::Binary, Op::Equal},
    {"!=", 40, Kind::Binary, Op::Unequal},
    {"<", 40, Kind::Binary, Op::Less},
    {"<=", 40, Kind::Binary, Op::LessEqual},
    {">", 40, Kind::Binary, Op::Greater},
    {">=", 40, Kind::Binary, Op::GreaterEqual},
    {"&", 50, Kind::Binary, Op::Concat},
    {"and", 30, Kind::Binary, Op::And},
    {"or", 25, Kind::Binary, Op::Or},
    {"in", 40, Kind::Binary, Op::In},
});

class Parser {
 public:
  Parser(std::string_view text, Dialect dialect) : lexer_{text, dialect} {}

  NodePtr parse_all() {
    advance();
    NodePtr root = expression(0);
    if (token_.type != Token::Type::End) throw at_token("S0201");
    return root;
  }

 private:
  [[nodiscard]] bool is_operator(std::string_view name) const {
    return token_.type == Token::Type::Operator && token_.text == name;
  }
  // What the power table says of the current token; null: it is no infix.
  [[nodiscard]] const Infix* infix() const {
    if (token_.type != Token::Type::Operator) return nullptr;
    const auto* found = std::find_if(kInfixes.begin(), kInfixes.end(),
                                     [&](const Infix& row) { return row.name == token_.text; });
    return found == kInfixes.end() ? nullptr : found;
  }

  void advance(bool is_infix = false) {
    token_ = lexer_.next(is_infix);
    if (token_.type == Token::Type::Operator && (token_.text == "!" || token_.text == "~")) {
      throw failure_at("S0204", token_.position, token_.text);
    }
  }
  void expect(std::string_view name, bool is_infix = false) {
    if (!is_operator(name)) {
      const bool is_end = token_.type == Token::Type::End;
      Thrown thrown = at_token(is_end ? "S0203" : "S0202");
      thrown.value = Json(std::string{name});
      throw thrown;
    }
    advance(is_infix);
  }

  static NodePtr make(Kind kind, const Token& token) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->position = token.position;
    return node;
  }
  // Called when a node has its children: the tree is walked recursively later on.
  static NodePtr grown(NodePtr node) {
    std::uint32_t below = 0;
    const auto count = [&](const NodePtr& child) {
      if (child != nullptr) below = std::max(below, child->height);
    };
    count(node->lhs);
    count(node->rhs);
    count(node->third);
    for (const NodePtr& item : node->items) count(item);
    for (const Term& term : node->terms) count(term.key);
    for (const Pair& pair : node->pairs) {
      count(pair.key);
      count(pair.value);
    }
    node->height = below + 1;
    if (node->height > kMaxChain) throw over_limit("nesting");
    return node;
  }

  NodePtr expression(int power) {
    if (++nesting_ > kMaxNesting) throw over_limit("nesting");
    Token token = std::exchange(token_, Token{});
    advance(true);
    NodePtr left = prefix(token);
    for (const Infix* row = infix(); row != nullptr && power < row->power; row = infix()) {
      const Token taken = std::exchange(token_, Token{});
      advance();
      left = grown(apply(*row, taken, std::move(left)));
    }
    --nesting_;
    return left;
  }

  NodePtr prefix(Token& token) {
    switch (token.type) {
      case Token::Type::End: return with_text(Kind::End, token);
      case Token::Type::Name: return with_text(Kind::Name, token);
      case Token::Type::Variable: return with_text(Kind::Variable, token);
      case Token::Type::Text: return with_text(Kind::Text, token);
      case Token::Type::Number:
      case Token::Type::Literal: {
        const bool is_number = token.type == Token::Type::Number;
        NodePtr node = with_text(is_number ? Kind::Number : Kind::Literal, token);
        node->number = token.number;
        return node;
      }
      case Token::Type::Regex: {
        NodePtr node = make(Kind::RegexText, token);
        node->regex = Regex::compile(token.text, token.flags, token.position);
        return node;
      }
      case Token::Type::Operator: return grown(prefix_operator(token));
    }
    return nullptr;
  }

  static NodePtr with_text(Kind kind, Token& token) {
    NodePtr node = make(kind, token);
    node->text = std::move(token.text);
    return node;
  }

  NodePtr prefix_operator(Token& token) {
    const std::string& name = token.text;
    if (name == "(") return block(token);
    if (name == "[") return array(token);
    if (name == "{") return pairs(make(Kind::ObjectOf, token));
    if (name == "|") return transform(token);
    if (name == "*") return make(Kind::Wildcard, token);
    if (name == "**") return make(Kind::Descendant, token);
    if (name == "%") return make(Kind::Parent, token);
    if (name == "and" || name == "or" || name == "in") return with_text(Kind::Name, token);
    if (name != "-") throw failure_at("S0211", token.position, name);
    NodePtr node = make(Kind::Negate, token);
    node->rhs = expression(kUnaryPower);
    return node;
  }

  NodePtr apply(const Infix& row, const Token& token, NodePtr left) {
    NodePtr node = make(row.kind, token);
    node->op = row.op;
    if (row.kind == Kind::Call) return call(std::move(node), std::move(left));
    if (row.kind == Kind::Predicate && is_operator("]")) return keep_array(std::move(left));
    if (row.kind == Kind::Bind) return bind(std::move(node), std::move(left));
    node->lhs = std::move(left);
    if (row.kind == Kind::GroupBy) return pairs(std::move(node));
    if (row.kind == Kind::Sort) return sort(std::move(node));
    if (row.kind == Kind::Focus || row.kind == Kind::Index) {
      return named(std::move(node), row);
    }
    if (row.kind == Kind::Predicate) {
      node->rhs = expression(0);
      expect("]", true);
    } else if (row.kind == Kind::Condition) {
      node->rhs = expression(0);
      if (is_operator(":")) {
        advance();
        node->third = expression(0);
      }
    } else {
      const bool takes_all = row.kind == Kind::Default || row.kind == Kind::Coalesce;
      node->rhs = expression(takes_all ? 0 : row.power);
    }
    return node;
  }

  // ( expression ; … )
  NodePtr block(const Token& token) {
    NodePtr node = make(Kind::Block, token);
    while (!is_operator(")")) {
      node->items.push_back(expression(0));
      if (!is_operator(";")) break;
      advance();
    }
    expect(")", true);
    return node;
  }

  // [ item , … ] where an item may be a range a..b
  NodePtr array(const Token& token) {
    NodePtr node = make(Kind::ArrayOf, token);
    while (!is_operator("]")) {
      NodePtr item = expression(0);
      if (is_operator("..")) {
        NodePtr range = make(Kind::Binary, token_);
        range->op = Op::Range;
        range->lhs = std::move(item);
        advance();
        range->rhs = expression(0);
        item = grown(std::move(range));
      }
      node->items.push_back(std::move(item));
      if (!is_operator(",")) break;
      advance();
      // A comma announces another item.
      if (is_operator("]")) throw failure_at("S0211", token_.position, token_.text);
    }
    expect("]", true);
    return node;
  }

  // { key : value , … }
  NodePtr pairs(NodePtr node) {
    while (!is_operator("}")) {
      Pair pair;
      pair.key = expression(0);
      expect(":");
      pair.value = expression(0);
      node->pairs.push_back(std::move(pair));
      if (!is_operator(",")) break;
      advance();
      if (is_operator("}")) throw failure_at("S0211", token_.position, token_.text);
    }
    expect("}", true);
    return node;
  }

  // | pattern | update , delete |
  NodePtr transform(const Token& token) {
    NodePtr node = make(Kind::Transform, token);
    node->lhs = expression(0);
    expect("|");
    node->rhs = expression(0);
    if (is_operator(",")) {
      advance();
      node->third = expression(0);
    }
    expect("|");
    return node;
  }

  // lhs [ ]
  NodePtr keep_array(NodePtr left) {
    Node* step = left.get();
    while (step->kind == Kind::Predicate) step = step->lhs.get();
    step->keeps_array = true;
    expect("]");
    return left;
  }

  // ^( <key , >key , … )
  NodePtr sort(NodePtr node) {
    expect("(");
    while (true) {
      Term term;
      if (is_operator("<") || is_operator(">")) {
        term.is_descending = is_operator(">");
        advance();
      }
      term.key = expression(0);
      node->terms.push_back(std::move(term));
      if (!is_operator(",")) break;
      advance();
    }
    expect(")");
    return node;
  }

  NodePtr bind(NodePtr node, NodePtr left) {
    if (left->kind != Kind::Variable) throw at_node("S0212", *left);
    node->text = std::move(left->text);
    node->rhs = expression(kBindPower - 1);
    return node;
  }

  NodePtr named(NodePtr node, const Infix& row) {
    NodePtr variable = expression(row.power);
    if (variable->kind != Kind::Variable) throw failure_at("S0214", variable->position, row.name);
    node->text = std::move(variable->text);
    return node;
  }

  // procedure ( argument , … ); `?` is an argument yet to come
  NodePtr call(NodePtr node, NodePtr procedure) {
    node->lhs = std::move(procedure);
    while (!is_operator(")")) {
      if (is_operator("?")) {
        node->kind = Kind::Partial;
        node->items.push_back(make(Kind::Placeholder, token_));
        advance();
      } else {
        node->items.push_back(expression(0));
      }
      if (!is_operator(",")) break;
      advance();
      if (is_operator(")")) throw failure_at("S0211", token_.position, token_.text);
    }
    expect(")", true);
    const Node& named = *node->lhs;
    const bool is_lambda =
        named.kind == Kind::Name && (named.text == "function" || named.text == "λ");
    return is_lambda ? lambda(std::move(node)) : std::move(node);
  }

  // function ( $parameter , … ) <signature> { body }
  NodePtr lambda(NodePtr node) {
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      const Node& parameter = *node->items[i];
      if (parameter.kind == Kind::Variable) continue;
      Thrown thrown = at_node("S0208", parameter);
      thrown.value = Json(i + 1);
      throw thrown;
    }
    node->kind = Kind::Lambda;
    node->lhs = nullptr;
    if (is_operator("<")) node->signature = signature();
    expect("{");
    node->rhs = expression(0);
    expect("}");
    return node;
  }

  std::shared_ptr<const Signature> signature() {
    const std::size_t position = token_.position;
    std::string text = "<";
    for (int depth = 1; depth > 0 && !is_operator("{") && token_.type != Token::Type::End;) {
      advance();
      if (is_operator(">")) --depth;
      if (is_operator("<")) ++depth;
      text += token_.text;
    }
    expect(">");
    return Signature::parse(text, position);
  }

  [[nodiscard]] Thrown at_token(std::string_view code) const {
    Thrown thrown = failure_at(code, token_.position, token_.text);
    thrown.is_token_literal =
        token_.type == Token::Type::Number || token_.type == Token::Type::Literal;
    return thrown;
  }
  [[nodiscard]] static Thrown at_node(std::string_view code, const Node& node) {
    Thrown thrown = failure_at(code, node.position, node.text);
    thrown.is_token_literal = node.kind == Kind::Number || node.kind == Kind::Literal;
    return thrown;
  }

  Lexer lexer_;
  Token token_;
  std::size_t nesting_ = 0;
};

}  // namespace

NodePtr parse(std::string_view text, Dialect dialect) { return Parser{text, dialect}.parse_all(); }

}  // namespace presso::jsonata
