// Node: an expression as a tree. The parser makes it as it is written; rewrite.h turns dots,
// brackets and the like into paths of steps, finds what `%` refers to, and marks tail calls;
// resolve.h gives every variable its place. The same struct serves all of them: the members that
// count for a kind stand beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lang/jsonata/scope.h"

namespace presso::jsonata {

struct Builtin;
class Regex;
struct Signature;
struct Node;
using NodePtr = std::unique_ptr<Node>;

enum class Kind : std::uint8_t {
  // Of the parser alone; rewriting replaces them.
  Dot,        // lhs . rhs
  Predicate,  // lhs [ rhs ]
  GroupBy,    // lhs { pairs }
  Focus,      // lhs @ $text
  Index,      // lhs # $text
  // A path's steps, and whatever else can be evaluated.
  Path,         // items: the steps
  Name,         // text; alone it is a path of one step
  Sort,         // terms; before rewriting lhs is what is sorted
  Text,         // text
  Number,       // number
  Literal,      // number: 0 is false, 1 is true, 2 is null
  RegexText,    // regex
  Wildcard,     // *
  Descendant,   // **
  Parent,       // %: slot
  Variable,     // text without $; "" is the context, "$" the input
  Negate,       // rhs
  ArrayOf,      // items
  ObjectOf,     // pairs
  Block,        // items
  Condition,    // lhs ? rhs : third, which may be absent
  Default,      // lhs ?: rhs
  Coalesce,     // lhs ?? rhs
  Bind,         // $text := rhs
  Binary,       // lhs op rhs
  Apply,        // lhs ~> rhs
  Call,         // lhs ( items )
  Partial,      // lhs ( items ), some of them Placeholder
  Placeholder,  // ?
  End,          // the text ended where an expression should stand
  Lambda,       // function ( items ) signature { rhs }
  Transform,    // | lhs | rhs , third |, third may be absent
};

enum class Op : std::uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Equal,
  Unequal,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Concat,
  And,
  Or,
  In,
  Range,
};

// Where a variable's value may stand, nearest first. A slot that no `:=` has reached passes the
// question on.
struct Place {
  std::uint32_t hops = 0;  // frames to go up
  std::uint32_t slot = 0;
};
inline constexpr std::uint32_t kNone = 0xFFFF'FFFF;

struct Lookup {
  std::vector<Place> places;
  std::uint32_t free = kNone;  // then the program's free variable of this number
};

// What a `%` stands for: filled in when the step it goes up to is found.
struct Ancestor {
  std::uint32_t label = 0;
  int level = 1;
};

struct Pair {
  NodePtr key;
  NodePtr value;
};

struct Group {
  std::vector<Pair> pairs;
  std::size_t position = 0;
};

struct Stage {
  NodePtr filter;          // or none, and then it binds the position:
  std::string index = {};  // the variable
  std::uint32_t slot = kNone;
};

struct Term {
  NodePtr key;
  bool is_descending = false;
};

struct Node {
  Kind kind = Kind::Literal;
  Op op = Op::Add;
  bool keeps_array = false;           // `[]` was written behind it
  bool keeps_singleton = false;       // of a path: one of its steps was
  bool is_constructed_array = false;  // `[…]` as first or last step of a path
  bool is_tuple = false;              // of a step: from it on the path streams tuples; of a
                                      // path: its tuples go on into the path around it
  bool is_own_scope = false;          // evaluated in a frame of its own
  bool is_refined = false;            // predicates, a group, `[]` or a scope of its own
  bool is_simple_path = false;        // names only: no stages, tuples or groups
  std::size_t position = 0;           // a byte behind its token
  std::uint32_t height = 1;           // levels of tree below and with it
  double number = 0;
  std::string text;
  NodePtr lhs;
  NodePtr rhs;
  NodePtr third;
  std::vector<NodePtr> items;
  std::vector<Pair> pairs;
  std::vector<Stage> predicates;
  std::vector<Stage> stages;  // of a path's step
  std::vector<Term> terms;
  std::unique_ptr<Group> group;
  std::string focus;  // of a step: the variable that `@` binds
  std::string index;  // and `#`
  std::uint32_t focus_slot = kNone;
  std::uint32_t index_slot = kNone;
  std::uint32_t ancestor_slot = kNone;
  Ancestor* slot = nullptr;      // of Parent: what it looks for
  Ancestor* ancestor = nullptr;  // of a step: what found it
  std::vector<Ancestor*> seeking;
  Lookup lookup;  // of Variable, Parent; of Bind: one place; Transform: $clone
  std::vector<std::uint32_t> parameter_slots;  // of Lambda
  ScopeNames scope;      // of Block, Lambda and a Path of tuples: what its slots are called
  ScopeNames own_scope;  // of what is_own_scope
  std::shared_ptr<const Signature> signature;
  std::shared_ptr<const Regex> regex;
};

}  // namespace presso::jsonata
