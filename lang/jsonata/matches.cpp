#include "lang/jsonata/matches.h"

#include "lang/jsonata/text.h"

namespace presso::jsonata {

Matches::Matches(Evaluator& evaluator, std::u16string_view units, std::string_view text,
                 Value pattern)
    : evaluator_{evaluator}, units_{units}, text_{text}, pattern_{pattern} {
  if (pattern.is_function() && pattern.function->kind == Function::Kind::Matcher) {
    node_ = pattern.function->node;
  }
}

std::optional<TextMatch> Matches::next() {
  if (is_over_) return std::nullopt;
  evaluator_.spend(1);
  std::optional<TextMatch> match = node_ != nullptr ? next_of_regex() : next_of_function();
  is_first_ = false;
  is_over_ = !match;
  return match;
}

std::optional<TextMatch> Matches::next_of_regex() {
  if (!is_first_ && from_ >= units_.size()) return std::nullopt;
  evaluator_.spend((units_.size() - from_) / 64);
  const auto found = node_->regex->find(units_, from_);
  if (!found) return std::nullopt;
  const Regex::Span whole = found->front();
  if (!is_first_ && whole.start == whole.end) {
    Thrown thrown = failure_at("D1004", node_->position);
    thrown.value = Json(node_->regex->pattern());
    throw thrown;
  }
  from_ = whole.end;
  TextMatch match;
  match.match = units_.substr(whole.start, whole.end - whole.start);
  match.start = static_cast<double>(whole.start);
  match.end = static_cast<double>(whole.end);
  for (std::size_t i = 1; i < found->size(); ++i) {
    const Regex::Span& span = (*found)[i];
    match.groups.push_back(span.is_set ? evaluator_.text_value(from_utf16(
                                             units_.substr(span.start, span.end - span.start)))
                                       : Value{});
  }
  return match;
}

std::optional<TextMatch> Matches::next_of_function() {
  const Value subject{text_};
  const std::span<const Value> arguments{&subject, is_first_ ? std::size_t{1} : 0};
  const Value object = evaluator_.call_with(pattern_, arguments);
  if (object.is_nothing()) return std::nullopt;
  TextMatch match;
  match.object = object;
  const Value start = member_of(object, "start");
  const Value groups = member_of(object, "groups");
  pattern_ = member_of(object, "next");
  if (!start.is_number() && !groups.is_array() && !pattern_.is_function()) throw failure("T1010");
  if (start.is_number()) match.start = start.number;
  if (const Value end = member_of(object, "end"); end.is_number()) match.end = end.number;
  if (groups.is_array()) {
    const Items items{groups};
    for (std::size_t i = 0; i < items.size(); ++i) match.groups.push_back(items[i]);
  }
  const Value text = member_of(object, "match");
  const std::u16string units = to_utf16(text.is_string() ? text.text() : std::string_view{});
  char16_t* kept = evaluator_.arena().make_array<char16_t>(units.size());
  std::copy(units.begin(), units.end(), kept);
  match.match = {kept, units.size()};
  return match;
}

}  // namespace presso::jsonata
