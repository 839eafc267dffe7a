#include "lang/jsonpath/program.h"

#include <utility>

namespace presso::jsonpath {

namespace {

std::string in_quotes(std::string_view name, char quote) {
  std::string text{quote};
  for (const char character : name) {
    if (character == '\\' || character == '\'') text += '\\';
    text += character;
  }
  return text + quote;
}

struct Writer {
  std::string operator()(const Names& step) const {
    std::string text;
    for (const std::string& name : step.names) {
      if (!text.empty()) text += ',';
      text += in_quotes(name, step.quote);
    }
    return "[" + text + "]";
  }
  std::string operator()(const Indices& step) const {
    std::string text;
    for (const std::int32_t index : step.indices) {
      if (!text.empty()) text += ',';
      text += std::to_string(index);
    }
    return "[" + text + "]";
  }
  std::string operator()(const Slice& step) const {
    const std::string from = step.from ? std::to_string(*step.from) : "";
    const std::string to = step.to ? std::to_string(*step.to) : "";
    return "[" + from + ":" + to + "]";
  }
  std::string operator()(const Wildcard&) const { return "[*]"; }
  std::string operator()(const Scan&) const { return ".."; }
  std::string operator()(const Where&) const { return "[?]"; }
  std::string operator()(const Function& step) const {
    return "." + step.name + (step.arguments.empty() ? "()" : "(...)");
  }
};

}  // namespace

std::string text_of(const Step& step) { return std::visit(Writer{}, step); }

std::string text_of(const Program& program) {
  std::string text = program.is_from_item ? "@" : "$";
  for (const Step& step : program.steps) text += text_of(step);
  return text;
}

}  // namespace presso::jsonpath
