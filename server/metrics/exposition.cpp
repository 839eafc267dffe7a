#include "server/metrics/exposition.h"

#include <array>
#include <charconv>

namespace presso::server {
namespace {

std::string shown(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

// A backslash, a quote and the end of a line stand behind a backslash.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

void write(std::string& text, std::string_view name, const Labels& labels,
           const std::string& value) {
  text += name;
  char separator = '{';
  for (const auto& [label, of] : labels) {
    text += separator;
    text += label;
    text += "=\"" + escaped(of) + "\"";
    separator = ',';
  }
  text += labels.empty() ? " " : "} ";
  text += value + "\n";
}

}  // namespace

void write_family(std::string& text, std::string_view name, std::string_view type,
                  std::string_view help) {
  text += "# HELP ";
  text.append(name).append(" ").append(help).append("\n# TYPE ");
  text.append(name).append(" ").append(type).append("\n");
}

void write_sample(std::string& text, std::string_view name, const Labels& labels,
                  std::uint64_t value) {
  write(text, name, labels, std::to_string(value));
}
void write_sample(std::string& text, std::string_view name, const Labels& labels, double value) {
  write(text, name, labels, shown(value));
}

void write_histogram(std::string& text, std::string_view name, const Labels& labels,
                     std::span<const Histogram* const> parts, double unit) {
  const std::string bucket = std::string{name} + "_bucket";
  Labels with_bound = labels;
  with_bound.emplace_back("le", "");
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= Histogram::kBuckets; ++i) {
    for (const Histogram* part : parts) count += part->in_bucket(i);
    const bool is_last = i == Histogram::kBuckets;
    with_bound.back().second =
        is_last ? "+Inf" : shown(static_cast<double>(Histogram::bound(i)) * unit);
    write_sample(text, bucket, with_bound, count);
  }
  for (const Histogram* part : parts) sum += part->sum();
  write_sample(text, std::string{name} + "_sum", labels, static_cast<double>(sum) * unit);
  write_sample(text, std::string{name} + "_count", labels, count);
}

}  // namespace presso::server
