#include "lang/jsonata/number_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "lang/jsonata/errors.h"

namespace presso::jsonata {

namespace {

constexpr std::array<std::string_view, 20> kFew = {
    "Zero",     "One",     "Two",     "Three",     "Four",     "Five",    "Six",
    "Seven",    "Eight",   "Nine",    "Ten",       "Eleven",   "Twelve",  "Thirteen",
    "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
constexpr std::array<std::string_view, 20> kOrdinals = {
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
constexpr std::array<std::string_view, 9> kDecades = {
    "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"};
constexpr std::array<std::string_view, 4> kMagnitudes = {"Thousand", "Million", "Billion",
                                                         "Trillion"};
// A longer roman number is a mistake, and takes a letter for each thousand.
constexpr double kMaxRoman = 1e7;

std::string words_of(double value, bool is_continued, bool is_ordinal) {
  if (value <= 19) {
    const auto index = static_cast<std::size_t>(value);
    return std::string{is_continued ? " and " : ""} +
           std::string{is_ordinal ? kOrdinals[index] : kFew[index]};
  }
  if (value < 100) {
    const double rest = std::fmod(value, 10);
    std::string words = std::string{is_continued ? " and " : ""} +
                        std::string{kDecades[static_cast<std::size_t>(value / 10) - 2]};
    if (rest > 0) return words + "-" + words_of(rest, false, is_ordinal);
    if (is_ordinal) words.replace(words.size() - 1, 1, "ieth");
    return words;
  }
  std::string words = is_continued ? ", " : "";
  double rest = 0;
  if (value < 1'000) {
    rest = std::fmod(value, 100);
    words += std::string{kFew[static_cast<std::size_t>(value / 100)]} + " Hundred";
  } else {
    const double magnitude =
        std::min(std::floor(std::log10(value) / 3), static_cast<double>(kMagnitudes.size()));
    const double factor = std::pow(10, magnitude * 3);
    const double count = std::floor(value / factor);
    rest = value - count * factor;
    words += words_of(count, false, false) + " " +
             std::string{kMagnitudes[static_cast<std::size_t>(magnitude) - 1]};
  }
  if (rest > 0) return words + words_of(rest, true, is_ordinal);
  return is_ordinal ? words + "th" : words;
}

using WordValues = std::vector<std::pair<std::string, double>>;

WordValues make_word_values() {
  WordValues values;
  for (const auto* words : {&kFew, &kOrdinals}) {
    for (std::size_t i = 0; i < words->size(); ++i) {
      values.emplace_back(to_lower_ascii((*words)[i]), static_cast<double>(i));
    }
  }
  for (std::size_t i = 0; i < kDecades.size(); ++i) {
    const std::string word = to_lower_ascii(kDecades[i]);
    const double value = static_cast<double>(i + 2) * 10;
    values.emplace_back(word, value);
    values.emplace_back(word.substr(0, word.size() - 1) + "ieth", value);
  }
  values.emplace_back("hundredth", 100);
  for (std::size_t i = 0; i < kMagnitudes.size(); ++i) {
    const std::string word = to_lower_ascii(kMagnitudes[i]);
    const double value = std::pow(10, static_cast<double>(i + 1) * 3);
    values.emplace_back(word, value);
    values.emplace_back(word + "th", value);
  }
  return values;
}

const WordValues& word_values() {
  static const WordValues values = make_word_values();
  return values;
}

double value_of_word(std::string_view word) {
  for (const auto& [known, value] : word_values()) {
    if (known == word) return value;
  }
  return std::nan("");
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// At `, `, ` and `, a blank, a hyphen or a backslash.
std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    const std::string_view rest = text.substr(at);
    if (rest.size() > 1 && rest[0] == ',' && is_blank(rest[1])) {
      length = 2;
    } else if (rest.size() > 4 && is_blank(rest[0]) && rest.substr(1, 3) == "and" &&
               is_blank(rest[4])) {
      length = 5;
    } else if (is_blank(rest[0]) || rest[0] == '-' || rest[0] == '\\') {
      length = 1;
    }
    if (length == 0) {
      ++at;
      continue;
    }
    words.push_back(text.substr(start, at - start));
    at += length;
    start = at;
  }
  words.push_back(text.substr(start));
  return words;
}

constexpr std::array<std::pair<double, std::string_view>, 13> kNumerals = {{{1000, "m"},
                                                                            {900, "cm"},
                                                                            {500, "d"},
                                                                            {400, "cd"},
                                                                            {100, "c"},
                                                                            {90, "xc"},
                                                                            {50, "l"},
                                                                            {40, "xl"},
                                                                            {10, "x"},
                                                                            {9, "ix"},
                                                                            {5, "v"},
                                                                            {4, "iv"},
                                                                            {1, "i"}}};

double roman_value(char c) {
  for (const auto& [value, letters] : kNumerals) {
    if (letters.size() == 1 && letters[0] == c + 32) return value;
  }
  return std::nan("");
}

}  // namespace

std::string number_words(double value, bool is_ordinal) {
  return words_of(value, false, is_ordinal);
}

double number_of_words(std::string_view text) {
  std::vector<double> segments = {0};
  for (const std::string_view word : split_words(text)) {
    const double value = value_of_word(word);
    if (value < 100) {
      double top = segments.back();
      segments.pop_back();
      if (top >= 1'000) {
        segments.push_back(top);
        top = 0;
      }
      segments.push_back(top + value);
    } else {
      segments.back() *= value;
    }
  }
  double sum = 0;
  for (const double segment : segments) sum += segment;
  return sum;
}

std::vector<std::string> known_words() {
  std::vector<std::string> words;
  for (const auto& [word, value] : word_values()) words.push_back(word);
  return words;
}

std::string roman(double value) {
  if (value > kMaxRoman) throw over_limit("memory");
  std::string text;
  for (const auto& [step, letters] : kNumerals) {
    for (; value >= step; value -= step) text += letters;
  }
  return text;
}

double number_of_roman(std::string_view upper) {
  double sum = 0;
  double most = 1;
  for (std::size_t i = upper.size(); i-- > 0;) {
    const double value = roman_value(upper[i]);
    if (value < most) {
      sum -= value;
    } else {
      most = value;
      sum += value;
    }
  }
  return sum;
}

std::string number_letters(double value, char first) {
  std::string letters;
  while (value > 0) {
    letters += static_cast<char>(first + static_cast<int>(std::fmod(value - 1, 26)));
    value = std::floor((value - 1) / 26);
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

double number_of_letters(std::u16string_view text, char first) {
  double sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const double digit = static_cast<double>(text[text.size() - i - 1]) - first + 1;
    sum += digit * std::pow(26, static_cast<double>(i));
  }
  return sum;
}

}  // namespace presso::jsonata
