#include "engine/core/mocks.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json.h"
#include "base/json_members.h"

namespace presso::core {

namespace {

// Names of members, from the outermost on: how a person finds the place.
using Path = std::vector<std::string>;

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
}

// Where the last of the names stands, each looked for behind the one before.
std::size_t line_of(std::string_view text, const Path& path) {
  std::size_t at = 0;
  for (const std::string& name : path) {
    const std::size_t found = text.find(dump_json(Json(name)), at);
    if (found == std::string_view::npos) break;
    at = found;
  }
  return line_at(text, at);
}

}  // namespace

class MockReader {
 public:
  explicit MockReader(std::string_view text) : text_(text) {}

  [[nodiscard]] Error refuse(const Path& path, const std::string& what) const {
    std::string place;
    for (const std::string& name : path) place += "/" + name;
    return Error{"MockConfiguration", "line " + std::to_string(line_of(text_, path)) + ": " +
                                          (place.empty() ? "the configuration" : place) + " " +
                                          what};
  }

  [[nodiscard]] Result<const Json*> member(const Json& parent, const Path& parent_path,
                                           const std::string& name) const {
    const Json* found = find_member(parent, name);
    if (found != nullptr && found->is_object()) return found;
    return refuse(parent_path, "must have the object " + name);
  }

  [[nodiscard]] Result<MockedResponse> response(const std::string& attempts, const Json& value,
                                                const Path& path) const;

 private:
  std::string_view text_;
};

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<MockedResponse> MockReader::response(const std::string& attempts, const Json& value,
                                            const Path& path) const {
  const std::size_t dash = attempts.find('-');
  const auto first = whole_number(std::string_view{attempts}.substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : whole_number(std::string_view{attempts}.substr(dash + 1));
  if (!first || !last || *first > *last) {
    return refuse(path, R"(must be named after attempts, as in "0" or "1-2")");
  }
  if (!value.is_object()) return refuse(path, "must be an object");
  const Json* returned = find_member(value, "Return");
  const Json* thrown = find_member(value, "Throw");
  if ((returned == nullptr) == (thrown == nullptr) || value.size() != 1) {
    return refuse(path, "must have either Return or Throw");
  }
  MockedResponse response{.first = *first, .last = *last, .answer = {}};
  if (returned != nullptr) {
    response.answer = SharedJson{*returned};
    return response;
  }
  const std::string* error = as_string(find_member(*thrown, "Error"));
  if (error == nullptr) return refuse(path, "throws without an Error, a text");
  response.answer = run::Failure{.error = *error, .cause = text_if(*thrown, "Cause")};
  return response;
}

Result<Mocks> Mocks::parse(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) {
    const std::string& message = parsed.error().message;
    const auto offset = whole_number(std::string_view{message}.substr(message.rfind(' ') + 1));
    return Error{"MockConfiguration",
                 "line " + std::to_string(line_at(text, offset.value_or(0))) + ": " + message};
  }
  const MockReader reader{text};
  Mocks mocks;
  if (auto read = mocks.read_responses(reader, *parsed); !read) return read.error();
  if (auto read = mocks.read_cases(reader, *parsed); !read) return read.error();
  return mocks;
}

Result<void> Mocks::read_responses(const MockReader& reader, const Json& root) {
  const auto responses = reader.member(root, {}, "MockedResponses");
  if (!responses) return responses.error();
  for (const auto& [name, attempts] : (*responses)->items()) {
    if (!attempts.is_object()) {
      return reader.refuse({"MockedResponses", name}, "must be an object");
    }
    MockedResponses& of_name = responses_[name];
    for (const auto& [numbers, value] : attempts.items()) {
      auto response = reader.response(numbers, value, {"MockedResponses", name, numbers});
      if (!response) return response.error();
      of_name.push_back(*std::move(response));
    }
  }
  return {};
}

Result<void> Mocks::read_cases(const MockReader& reader, const Json& root) {
  const auto machines = reader.member(root, {}, "StateMachines");
  if (!machines) return machines.error();
  for (const auto& [machine, settings] : (*machines)->items()) {
    const auto cases = reader.member(settings, {"StateMachines", machine}, "TestCases");
    if (!cases) return cases.error();
    for (const auto& [test_case, states] : (*cases)->items()) {
      if (!states.is_object()) {
        return reader.refuse({"StateMachines", machine, "TestCases", test_case},
                             "must be an object");
      }
      States& named = cases_[std::pair{machine, test_case}];
      for (const auto& [state, response] : states.items()) {
        const std::string* name = as_string(&response);
        if (name == nullptr || !responses_.contains(*name)) {
          return reader.refuse({"StateMachines", machine, "TestCases", test_case, state},
                               "must name one of the MockedResponses");
        }
        named.emplace(state, *name);
      }
    }
  }
  return {};
}

bool Mocks::has_case(std::string_view machine, std::string_view test_case) const {
  return cases_.contains({std::string{machine}, std::string{test_case}});
}

const MockedResponses* Mocks::find(std::string_view machine, std::string_view test_case,
                                   std::string_view state) const {
  const auto found = cases_.find({std::string{machine}, std::string{test_case}});
  if (found == cases_.end()) return nullptr;
  const auto name = found->second.find(state);
  return name == found->second.end() ? nullptr : &responses_.at(name->second);
}

MockedAnswer Mocks::answer(const MockedResponses& responses, std::string_view state,
                           std::uint64_t attempt) {
  for (const MockedResponse& response : responses) {
    if (response.first <= attempt && attempt <= response.last) return response.answer;
  }
  return run::Failure{.error = "States.Runtime",
                      .cause = "The mock configuration has no response for attempt " +
                               std::to_string(attempt) + " of the state '" + std::string{state} +
                               "'"};
}

}  // namespace presso::core
