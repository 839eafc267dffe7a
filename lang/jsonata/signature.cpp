// The reference turns a signature into a regular expression over the letters of the arguments'
// types. Here the same expression is matched by hand: greedily, going back where the rest fails.
#include "lang/jsonata/signature.h"

#include <algorithm>
#include <array>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

using Parameter = Signature::Parameter;

// Behind the bracket that `open` closes with; the size when nothing does.
std::size_t closing(std::string_view text, std::size_t at, char open, char close) {
  int depth = 1;
  while (++at < text.size()) {
    if (text[at] == close && --depth == 0) return at;
    if (text[at] == open) ++depth;
  }
  return at;
}

Thrown refused(std::string_view code, std::size_t position, std::string_view value) {
  Thrown thrown = failure_at(code, position);
  thrown.value = Json(std::string{value});
  return thrown;
}

std::string_view plural(std::string_view subtype) {
  if (subtype == "a") return "arrays";
  if (subtype == "b") return "booleans";
  if (subtype == "f") return "functions";
  if (subtype == "n") return "numbers";
  if (subtype == "o") return "objects";
  return subtype == "s" ? "strings" : "";
}

// How many arguments each parameter takes.
class Matcher {
 public:
  Matcher(std::span<const Parameter> parameters, std::string_view letters)
      : parameters_{parameters}, letters_{letters}, taken_(parameters.size()) {}

  // `is_whole`: all letters have to be used up.
  [[nodiscard]] bool matches(bool is_whole) {
    is_whole_ = is_whole;
    return matches_from(0, 0);
  }
  [[nodiscard]] const std::vector<std::size_t>& taken() const { return taken_; }
  [[nodiscard]] std::size_t used() const {
    std::size_t sum = 0;
    for (const std::size_t count : taken_) sum += count;
    return sum;
  }

 private:
  bool matches_from(std::size_t parameter, std::size_t letter) {
    if (parameter == parameters_.size()) return !is_whole_ || letter == letters_.size();
    const Parameter& it = parameters_[parameter];
    const std::size_t most = it.count == Signature::Count::Many ? letters_.size() - letter : 1;
    std::size_t fitting = 0;
    while (fitting < most && letter + fitting < letters_.size() &&
           it.allowed.find(letters_[letter + fitting]) != std::string::npos) {
      ++fitting;
    }
    const std::size_t least = it.count == Signature::Count::Optional ? 0 : 1;
    for (std::size_t count = fitting + 1; count-- > least;) {
      taken_[parameter] = count;
      if (matches_from(parameter + 1, letter + count)) return true;
    }
    return false;
  }

  std::span<const Parameter> parameters_;
  std::string_view letters_;
  std::vector<std::size_t> taken_;
  bool is_whole_ = true;
};

Thrown mismatch(std::string_view code, const Value& value, std::size_t index) {
  Thrown thrown = failure(code);
  thrown.value = shown_json(value);
  thrown.index = index + 1;
  return thrown;
}

// Which argument was wrong: the first that the parameters up to some point do not reach.
Thrown bad_argument(std::span<const Parameter> parameters, std::span<const Value> arguments,
                    std::string_view letters) {
  std::size_t good = 0;
  for (std::size_t count = 1; count <= parameters.size(); ++count) {
    Matcher matcher{parameters.first(count), letters};
    if (!matcher.matches(false)) break;
    good = matcher.used();
  }
  return mismatch("T0410", good < arguments.size() ? arguments[good] : Value{}, good);
}

bool has_items_of(const Parameter& parameter, const Value& argument) {
  const Items items{argument};
  if (items.size() == 0) return true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (type_letter(items[i]) != parameter.subtype[0]) return false;
  }
  return true;
}

// An argument for an array parameter: a lone value becomes an array of one.
Value as_array(Arena& arena, const Parameter& parameter, const Value& argument, std::size_t index,
               std::size_t taken) {
  if (argument.is_nothing()) return argument;
  const bool is_array = argument.is_array();
  if (parameter.has_subtype && !parameter.subtype.empty()) {
    const bool is_lone_match =
        taken == 1 &&
        parameter.subtype == std::string_view{std::array{type_letter(argument)}.data(), 1};
    if (is_array ? !has_items_of(parameter, argument) : !is_lone_match) {
      Thrown thrown = mismatch("T0412", argument, index);
      thrown.type = plural(parameter.subtype);
      throw thrown;
    }
  }
  if (is_array) return argument;
  Array* wrapped = arena.make<Array>();
  wrapped->push(arena, argument);
  return Value{wrapped};
}

}  // namespace

char type_letter(const Value& value) {
  switch (value.tag) {
    case Tag::Unbound:
    case Tag::Nothing: return 'm';
    case Tag::Null: return 'l';
    case Tag::Bool: return 'b';
    case Tag::Number: return 'n';
    case Tag::String: return 's';
    case Tag::Array:
    case Tag::JsonArray: return 'a';
    case Tag::Object:
    case Tag::JsonObject:
    case Tag::Tuple: return 'o';
    case Tag::Function: return 'f';
  }
  return 'm';
}

std::shared_ptr<const Signature> Signature::parse(std::string_view text, std::size_t position) {
  auto signature = std::make_shared<Signature>();
  std::vector<Parameter>& parameters = signature->parameters;
  const auto add = [&](char type, std::string allowed) {
    Parameter& parameter = parameters.emplace_back();
    parameter.allowed = std::move(allowed);
    parameter.type = type;
  };
  for (std::size_t at = 1; at < text.size() && text[at] != ':'; ++at) {
    const char symbol = text[at];
    if (std::string_view{"snblo"}.find(symbol) != std::string_view::npos) {
      add(symbol, std::string{symbol, 'm'});
    } else if (symbol == 'a' || symbol == 'x') {
      add(symbol, "asnblfom");
    } else if (symbol == 'j') {
      add(symbol, "asnblom");
    } else if (symbol == 'f') {
      add(symbol, "f");
    } else if (symbol == '(') {
      const std::size_t end = closing(text, at, '(', ')');
      const std::string_view choice = text.substr(at + 1, end - at - 1);
      if (choice.find('<') != std::string_view::npos) {
        throw refused("S0402", position + at, choice);
      }
      add('(', std::string{choice} + "m");
      at = end;
    } else if (symbol == '<') {
      const char type = parameters.empty() ? '\0' : parameters.back().type;
      if (type != 'a' && type != 'f') throw refused("S0401", position + at, {&type, 1});
      const std::size_t end = closing(text, at, '<', '>');
      parameters.back().subtype = text.substr(at + 1, end - at - 1);
      parameters.back().has_subtype = true;
      at = end;
    } else if (!parameters.empty() && symbol == '-') {
      parameters.back().takes_context = true;
      parameters.back().count = Count::Optional;
    } else if (!parameters.empty() && (symbol == '?' || symbol == '+')) {
      parameters.back().count = symbol == '?' ? Count::Optional : Count::Many;
    }
  }
  return signature;
}

bool Signature::fits_plainly(std::span<const Value> arguments) const {
  if (arguments.size() != parameters.size()) return false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& it = parameters[i];
    const char letter = type_letter(arguments[i]);
    if (it.count == Count::Many) return false;
    if (it.allowed.find(letter) == std::string::npos) return false;
    if (it.type == 'a' && letter != 'm' && (letter != 'a' || it.has_subtype)) return false;
  }
  return true;
}

std::span<const Value> Signature::validated(Arena& arena, std::span<const Value> arguments,
                                            const Value& context) const {
  std::string letters;
  for (const Value& argument : arguments) letters += type_letter(argument);
  Matcher matcher{parameters, letters};
  if (!matcher.matches(true)) throw bad_argument(parameters, arguments, letters);
  Array* result = arena.make<Array>();
  std::size_t next = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& it = parameters[i];
    const std::size_t taken = matcher.taken()[i];
    if (taken == 0 && it.takes_context) {
      if (it.allowed.find(type_letter(context)) == std::string::npos) {
        throw mismatch("T0411", context, next);
      }
      result->push(arena, context);
    } else if (taken == 0) {
      result->push(arena, next < arguments.size() ? arguments[next] : Value{});
      ++next;
    }
    for (std::size_t count = 0; count < taken; ++count, ++next) {
      const Value& argument = arguments[next];
      result->push(arena, it.type == 'a' ? as_array(arena, it, argument, next, taken) : argument);
    }
  }
  return result->view();
}

}  // namespace presso::jsonata
