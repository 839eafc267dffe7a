// $contains, $match, $replace and $split, by string and by pattern.
#include <algorithm>
#include <cmath>
#include <string>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/matches.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

// How often at most; throws `code` for a negative number.
double limit_of(const Value& limit, std::string_view code) {
  if (!limit.is_number()) return std::numeric_limits<double>::infinity();
  if (limit.number >= 0) return limit.number;
  Thrown thrown = failure(code);
  thrown.value = shown_json(limit);
  throw thrown;
}

Value match_object(Evaluator& evaluator, const TextMatch& match, std::string_view start_name) {
  Arena& arena = evaluator.arena();
  Object* object = arena.make<Object>();
  object->add(arena, "match", evaluator.text_value(from_utf16(match.match)));
  object->add(arena, start_name, Value{match.start});
  Array* groups = arena.make<Array>();
  for (const Value& group : match.groups) groups->push(arena, group);
  object->add(arena, "groups", Value{groups});
  return Value{object};
}

Value contains(const NativeCall& call) {
  if (call[0].is_nothing() || call[1].is_nothing()) return {};
  const std::string_view text = call[0].text();
  if (call[1].is_string()) return Value{text.find(call[1].text()) != std::string_view::npos};
  const std::u16string units = to_utf16(text);
  return Value{Matches{call.evaluator, units, text, call[1]}.next().has_value()};
}

Value match(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const double limit = limit_of(call[2], "D3040");
  Arena& arena = call.evaluator.arena();
  Array* results = make_sequence(arena);
  const std::u16string units = to_utf16(call[0].text());
  Matches matches{call.evaluator, units, call[0].text(), call[1]};
  while (results->size < limit) {
    const auto found = matches.next();
    if (!found) break;
    results->push(arena, match_object(call.evaluator, *found, "index"));
  }
  return Value{results};
}

// The group that `$12` names and how many digits that took; no digits: it names none.
struct Reference {
  std::size_t group = 0;
  std::size_t digits = 0;
};

// At most as many digits as there are groups to name; one less when that names too many.
Reference reference_at(std::u16string_view text, std::size_t groups) {
  std::size_t most = 1;
  for (std::size_t rest = groups; rest >= 10; rest /= 10) ++most;
  const auto read = [&](std::size_t limit) {
    Reference result;
    while (result.digits < std::min(limit, text.size()) && text[result.digits] >= u'0' &&
           text[result.digits] <= u'9') {
      result.group = result.group * 10 + (text[result.digits] - u'0');
      ++result.digits;
    }
    return result;
  };
  Reference result = read(most);
  if (most > 1 && result.group > groups) result = read(most - 1);
  // The reference goes on behind the number as it writes it, so a leading zero stays.
  if (result.digits > 0) result.digits = std::to_string(result.group).size();
  return result;
}

std::u16string substituted(std::u16string_view replacement, const TextMatch& match) {
  std::u16string result;
  std::size_t at = 0;
  while (true) {
    const std::size_t dollar = replacement.find(u'$', at);
    if (dollar == std::u16string_view::npos) break;
    result += replacement.substr(at, dollar - at);
    at = dollar + 1;
    const char16_t c = at < replacement.size() ? replacement[at] : u'\0';
    if (c == u'$') {
      result += u'$';
      ++at;
    } else if (c == u'0') {
      result += match.match;
      ++at;
    } else {
      const Reference reference = reference_at(replacement.substr(at), match.groups.size());
      if (reference.digits == 0) result += u'$';
      if (reference.group >= 1 && reference.group <= match.groups.size()) {
        const Value& group = match.groups[reference.group - 1];
        if (group.is_string()) result += to_utf16(group.text());
      }
      at += reference.digits;
    }
    if (at >= replacement.size()) break;
  }
  if (at < replacement.size()) result += replacement.substr(at);
  return result;
}

std::u16string replaced_with(const NativeCall& call, const TextMatch& match) {
  if (call[2].is_string()) return substituted(to_utf16(call[2].text()), match);
  Value object = match.object;
  if (object.is_nothing()) {
    object = match_object(call.evaluator, match, "start");
    object.object->add(call.evaluator.arena(), "end", Value{match.end});
  }
  const Value result = call.evaluator.call_with(call[2], {&object, 1});
  if (result.is_string()) return to_utf16(result.text());
  Thrown thrown = failure("D3012");
  thrown.value = shown_json(result);
  throw thrown;
}

Value replace_text(const NativeCall& call, double limit) {
  const std::string_view text = call[0].text();
  const std::string_view pattern = call[1].text();
  std::string result;
  std::size_t at = 0;
  for (double count = 0; count < limit; ++count) {
    const std::size_t found = text.find(pattern, at);
    if (found == std::string_view::npos) break;
    call.evaluator.spend(1 + call[2].length / 64);
    append_text(result, text.substr(at, found - at));
    append_text(result, call.evaluator.text_of(call[2]));
    at = found + pattern.size();
  }
  append_text(result, text.substr(at));
  return call.evaluator.text_value(result);
}

Value replace(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  if (call[1].is_string() && call[1].length == 0) {
    Thrown thrown = failure("D3010");
    thrown.value = Json("");
    throw thrown;
  }
  const double limit = limit_of(call[3], "D3011");
  if (limit == 0) return call[0];
  if (!call[1].is_function()) return replace_text(call, limit);
  const std::u16string units = to_utf16(call[0].text());
  Matches matches{call.evaluator, units, call[0].text(), call[1]};
  std::u16string result;
  std::size_t at = 0;
  for (double count = 0; count < limit; ++count) {
    const auto found = matches.next();
    if (!found) break;
    const auto start =
        static_cast<std::size_t>(std::clamp(found->start, 0.0, static_cast<double>(units.size())));
    if (start > at) result += units.substr(at, start - at);
    const std::u16string replacement = replaced_with(call, *found);
    call.evaluator.spend(replacement.size() / 64);
    result += replacement;
    at = std::min(start + found->match.size(), units.size());
  }
  result += units.substr(at);
  return call.evaluator.text_value(from_utf16(result));
}

void split_by_text(const NativeCall& call, double limit, Array& into) {
  Evaluator& evaluator = call.evaluator;
  const std::string_view text = call[0].text();
  const std::string_view separator = call[1].text();
  limit = std::floor(limit);
  if (separator.empty()) {
    const std::u16string units = to_utf16(text);
    evaluator.spend(units.size());
    for (std::size_t i = 0; i < units.size() && into.size < limit; ++i) {
      into.push(evaluator.arena(), evaluator.text_value(from_utf16({&units[i], 1})));
    }
    return;
  }
  std::size_t at = 0;
  while (into.size < limit) {
    evaluator.spend(1);
    const std::size_t found = text.find(separator, at);
    into.push(evaluator.arena(), Value{text.substr(at, found - at)});
    if (found == std::string_view::npos) return;
    at = found + separator.size();
  }
}

void split_by_pattern(const NativeCall& call, double limit, Array& into) {
  const std::u16string units = to_utf16(call[0].text());
  Matches matches{call.evaluator, units, call[0].text(), call[1]};
  const auto part = [&](std::size_t from, std::size_t to) {
    from = std::min(from, units.size());
    to = std::min(to, units.size());
    if (from > to) std::swap(from, to);
    const std::u16string_view all{units};
    into.push(call.evaluator.arena(),
              call.evaluator.text_value(from_utf16(all.substr(from, to - from))));
  };
  std::size_t start = 0;
  while (into.size < limit) {
    const auto found = matches.next();
    if (!found) {
      part(start, units.size());
      return;
    }
    part(start, static_cast<std::size_t>(std::max(found->start, 0.0)));
    start = static_cast<std::size_t>(std::max(found->end, 0.0));
  }
}

Value split(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const double limit = limit_of(call[2], "D3020");
  Array* results = call.evaluator.arena().make<Array>();
  if (call[1].is_function()) {
    split_by_pattern(call, limit, *results);
  } else if (call[1].is_string()) {
    split_by_text(call, limit, *results);
  } else if (limit > 0) {
    results->push(call.evaluator.arena(), call[0]);
  }
  return Value{results};
}

}  // namespace

std::vector<Builtin> pattern_functions() {
  return {
      {"contains", "<s-(sf):b>", 2, contains},
      {"match", "<s-f<s:o>n?:a<o>>", 3, match},
      {"replace", "<s-(sf)(sf)n?:s>", 4, replace},
      {"split", "<s-(sf)n?:a<s>>", 3, split},
  };
}

}  // namespace presso::jsonata
