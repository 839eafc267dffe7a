#include "server/eval_jsonata.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <istream>
#include <iterator>
#include <optional>
#include <ostream>
#include <random>
#include <variant>

#include "base/entropy.h"
#include "base/json.h"
#include "base/text.h"
#include "lang/jsonata/json_text.h"
#include "lang/jsonata/text.h"
#include "server/clock.h"

namespace presso::server {

namespace {

using SteadyClock = std::chrono::steady_clock;

// A person's own expressions on a person's own machine: much is allowed.
constexpr std::size_t kSteps = 4'000'000'000;
constexpr std::size_t kBytes = 2'147'483'648;
constexpr std::int64_t kDefaultLimitMs = 60'000;
constexpr std::size_t kInputDepth = 1'000;
constexpr std::size_t kMaxRepeat = 100'000'000;

// The variables of a request.
class Bindings final : public jsonata::Variables {
 public:
  explicit Bindings(const Json* object) : object_{object} {}
  [[nodiscard]] Found find(std::string_view name) const override {
    const Json* value = object_ == nullptr ? nullptr : find_member(*object_, name);
    if (value == nullptr) return std::monostate{};
    return value;
  }

 private:
  const Json* object_;
};

Json json_of(const jsonata::QueryError& error) {
  Json result = {{"code", error.code}, {"message", error.message}};
  if (!error.token.is_null()) result["token"] = error.token;
  if (error.position) result["position"] = *error.position;
  if (error.value) result["value"] = *error.value;
  if (!error.function_name.empty()) result["functionName"] = error.function_name;
  return {{"error", std::move(result)}};
}

Json json_of(jsonata::Answer answer) {
  switch (answer.kind()) {
    case jsonata::Answer::Kind::Value: {
      Json result = Json::object();
      result["result"] = std::move(answer).take();
      return result;
    }
    case jsonata::Answer::Kind::Nothing:
    case jsonata::Answer::Kind::Function: return {{"undefined", true}};
    case jsonata::Answer::Kind::Error: return json_of(answer.error());
  }
  return {};
}

std::optional<double> number_at(const Json& request, std::string_view name) {
  const Json* value = find_member(request, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::int64_t nanoseconds_since(SteadyClock::time_point start) {
  return std::chrono::nanoseconds{SteadyClock::now() - start}.count();
}

// JSON may name half of a surrogate pair ("\ud800"), which no UTF-8 can hold. While such a text is
// parsed its halves stand in the last private plane; afterwards they become what the library takes
// for them.
constexpr char32_t kHidden = 0x10F800;

std::string with_hidden_halves(std::string_view text) {
  std::string result;
  const auto unit_at = [&](std::size_t at) -> std::optional<char32_t> {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    char32_t value = 0;
    for (const char c : text.substr(at + 2, 4)) {
      const std::size_t digit = std::string_view{"0123456789abcdefABCDEF"}.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * 16 + static_cast<char32_t>(digit < 16 ? digit : digit - 6);
    }
    return value;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto unit = unit_at(at);
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
      // An escaped backslash is passed over whole: what follows it is no escape.
      const std::size_t length = text[at] == '\\' && at + 1 < text.size() ? 2 : 1;
      result += text.substr(at, length);
      at += length;
      continue;
    }
    const auto next = unit_at(at + 6);
    const bool is_pair = *unit < 0xDC00 && next && *next >= 0xDC00 && *next <= 0xDFFF;
    if (is_pair) {
      result += text.substr(at, 12);
      at += 12;
    } else {
      append_utf8(result, kHidden + *unit - 0xD800);
      at += 6;
    }
  }
  return result;
}

std::string shown_halves(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = jsonata::next_code_point(text, at);
    const bool is_hidden = c >= kHidden && c < kHidden + 0x800;
    jsonata::append_code_point(result, is_hidden ? c - kHidden + 0xD800 : c);
  }
  return result;
}

void show_halves(Json& value) {
  if (value.is_string()) {
    value = shown_halves(value.get_ref<const std::string&>());
  } else if (value.is_array()) {
    for (Json& item : value) show_halves(item);
  } else if (value.is_object()) {
    Json shown = Json::object();
    for (auto& [name, member] : value.get_ref<Json::object_t&>()) {
      show_halves(member);
      shown[shown_halves(name)] = std::move(member);
    }
    value = std::move(shown);
  }
}

Result<Json> parse_input(std::string_view text) {
  auto parsed = parse_json(text, kInputDepth);
  if (parsed) return parsed;
  auto hidden = parse_json(with_hidden_halves(text), kInputDepth);
  if (!hidden) return parsed;
  show_halves(*hidden);
  return hidden;
}

Json evaluate_request(const Json& request, jsonata::Dialect dialect) {
  const std::string* text = as_string(find_member(request, "expr"));
  if (text == nullptr) {
    return {{"error", {{"code", "BadRequest"}, {"message", "A request needs an expr."}}}};
  }
  const auto compile_start = SteadyClock::now();
  const auto compiled = jsonata::Expression::compile(*text, dialect);
  const std::int64_t compile_ns = nanoseconds_since(compile_start);
  if (const auto* error = std::get_if<jsonata::QueryError>(&compiled)) return json_of(*error);
  const auto& expression = *std::get_if<jsonata::Expression>(&compiled);

  SeededEntropy entropy{std::random_device{}()};
  const Bindings bindings{find_member(request, "bindings")};
  const auto limit_ms = number_at(request, "timelimit").value_or(kDefaultLimitMs);
  const auto deadline =
      SteadyClock::now() + std::chrono::milliseconds{static_cast<std::int64_t>(limit_ms)};
  jsonata::Call call{
      .input = find_member(request, "data"),
      .variables = &bindings,
      .env = {.now = system_now(), .entropy = &entropy},
      .limits = {.steps = kSteps, .depth = jsonata::kDeepest, .bytes = kBytes},
  };
  call.limits.is_over = [&] { return SteadyClock::now() > deadline; };
  if (const auto depth = number_at(request, "depth"); depth && *depth >= 1) {
    call.limits.depth = static_cast<std::size_t>(std::min(*depth, 1e6));
  }
  const auto repeat = number_at(request, "repeat");
  if (!repeat) return json_of(jsonata::evaluate(expression, call));
  const auto count =
      static_cast<std::size_t>(std::clamp(*repeat, 1.0, static_cast<double>(kMaxRepeat)));
  const auto start = SteadyClock::now();
  for (std::size_t i = 1; i < count; ++i) {
    static_cast<void>(jsonata::evaluate(expression, call));
  }
  jsonata::Answer answer = jsonata::evaluate(expression, call);
  const double ns = static_cast<double>(nanoseconds_since(start)) / static_cast<double>(count);
  Json reply = json_of(std::move(answer));
  reply["ns"] = ns;
  reply["compile_ns"] = compile_ns;
  return reply;
}

int answer_lines(std::istream& in, std::ostream& out, jsonata::Dialect dialect) {
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    out << answer_jsonata(line, dialect) << std::endl;
  }
  return 0;
}

int answer_one(const std::string& text, std::istream& in, std::ostream& out, std::ostream& err,
               jsonata::Dialect dialect) {
  Json request = {{"expr", text}};
  const std::string data{std::istreambuf_iterator<char>{in}, {}};
  if (data.find_first_not_of(" \t\r\n") != std::string::npos) {
    auto parsed = parse_input(data);
    if (!parsed) {
      err << "presso: the input is no JSON: " << parsed.error().message << '\n';
      return 1;
    }
    request["data"] = *std::move(parsed);
  }
  const Json reply = evaluate_request(request, dialect);
  if (const Json* error = find_member(reply, "error")) {
    err << "presso: " << jsonata::json_text(*error) << '\n';
    return 1;
  }
  const Json* result = find_member(reply, "result");
  if (result != nullptr) out << jsonata::json_text(*result) << '\n';
  return 0;
}

}  // namespace

std::string answer_jsonata(std::string_view line, jsonata::Dialect dialect) {
  const auto request = parse_input(line);
  if (!request) {
    return jsonata::json_text(
        Json{{"error", {{"code", "BadRequest"}, {"message", request.error().message}}}});
  }
  return jsonata::json_text(evaluate_request(*request, dialect));
}

int eval_jsonata(std::span<const std::string> arguments, std::istream& in, std::ostream& out,
                 std::ostream& err) {
  jsonata::Dialect dialect = jsonata::Dialect::Latest;
  std::optional<std::string> text;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_dialect = arguments[i] == "--dialect" && i + 1 < arguments.size();
    if (is_dialect && arguments[i + 1] == "latest") {
      dialect = jsonata::Dialect::Latest;
    } else if (is_dialect && arguments[i + 1] == "step-functions") {
      dialect = jsonata::Dialect::StepFunctions;
    } else if (!arguments[i].starts_with("--") && !text) {
      text = arguments[i];
      continue;
    } else {
      err << "usage: presso eval-jsonata [--dialect latest|step-functions] [EXPRESSION]\n";
      return 2;
    }
    ++i;
  }
  return text ? answer_one(*text, in, out, err, dialect) : answer_lines(in, out, dialect);
}

}  // namespace presso::server
