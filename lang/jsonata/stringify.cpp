// Values as text: what `&` and $string make of them, as JSON.stringify would.
#include <cmath>
#include <string>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/json_text.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

class Writer {
 public:
  Writer(Evaluator& evaluator, bool is_pretty) : evaluator_{evaluator}, is_pretty_{is_pretty} {}

  void write(const Value& value, std::size_t depth) {
    if (depth > kMaxValueDepth) throw over_limit("nesting");
    evaluator_.spend(1);
    switch (value.tag) {
      case Tag::Unbound:
      case Tag::Nothing:
      case Tag::Null: text_ += "null"; return;
      case Tag::Bool: text_ += value.boolean ? "true" : "false"; return;
      case Tag::Number: write_number(value.number); return;
      case Tag::String:
        evaluator_.spend(value.length / kBytesAsOne);
        append_quoted(text_, value.text());
        return;
      case Tag::Function: text_ += "\"\""; return;
      case Tag::Array:
      case Tag::JsonArray: write_array(value, depth); return;
      case Tag::Object:
      case Tag::JsonObject:
      case Tag::Tuple: write_object(value, depth); return;
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void write_number(double number) {
    if (std::isinf(number)) throw out_of_range();
    text_ += std::isnan(number) ? "null" : number_text(shown_number(number));
  }

  void new_line(std::size_t depth) {
    if (!is_pretty_) return;
    text_ += '\n';
    text_.append(depth * 2, ' ');
  }

  void write_array(const Value& value, std::size_t depth) {
    const Items items{value};
    text_ += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text_ += ',';
      new_line(depth + 1);
      write(items[i], depth + 1);
    }
    if (items.size() > 0) new_line(depth);
    text_ += ']';
  }

  void write_object(const Value& value, std::size_t depth) {
    text_ += '{';
    bool is_first = true;
    for (const ObjectMember& member : members_of(evaluator_.arena(), value)) {
      if (member.value.is_nothing()) continue;
      if (!is_first) text_ += ',';
      is_first = false;
      new_line(depth + 1);
      append_quoted(text_, member.name);
      text_ += is_pretty_ ? ": " : ":";
      write(member.value, depth + 1);
    }
    if (!is_first) new_line(depth);
    text_ += '}';
  }

  Evaluator& evaluator_;
  bool is_pretty_;
  std::string text_;
};

}  // namespace

std::string_view Evaluator::text_of(const Value& value, bool is_pretty) {
  switch (value.tag) {
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Function: return {};
    case Tag::String: return value.text();
    case Tag::Null: return "null";
    case Tag::Bool: return value.boolean ? "true" : "false";
    case Tag::Number: {
      if (!std::isfinite(value.number)) throw failure("D3001");
      return arena_.copy(number_text(shown_number(value.number)));
    }
    case Tag::Array:
      if (value.array->is_outer && value.array->size > 0) {
        return text_of_container(value.array->items[0], is_pretty);
      }
      break;
    case Tag::JsonArray:
    case Tag::Object:
    case Tag::JsonObject:
    case Tag::Tuple: break;
  }
  return text_of_container(value, is_pretty);
}

std::string_view Evaluator::text_of_container(const Value& value, bool is_pretty) {
  Writer writer{*this, is_pretty};
  writer.write(value, 0);
  return arena_.copy(writer.text());
}

}  // namespace presso::jsonata
