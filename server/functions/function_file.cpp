#include "server/functions/function_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace presso::server {
namespace {

constexpr std::int64_t kLongestTimeoutSeconds = 900;
constexpr std::int64_t kMostProcesses = 1'000;
constexpr std::int64_t kSmallestMemoryMb = 128;
constexpr std::int64_t kLargestMemoryMb = 10'240;
constexpr std::size_t kFunctionNameBytes = 64;

// Reads one function; the first thing that is wrong is kept.
class FunctionReader {
 public:
  FunctionReader(const std::string& file, FunctionSettings& settings)
      : file_(file), settings_(settings) {}

  Result<void> read(const YAML::Node& node) {
    if (!node.IsMap()) return wrong(node, "a function is a map of settings");
    for (const auto& member : node) {
      const auto name = member.first.as<std::string>("");
      const auto row = std::ranges::find(kMembers, name, &Member::name);
      if (row == kMembers.end()) {
        return wrong(member.first, "functions have no setting '" + name + "'");
      }
      const Result<void> done = (this->*row->read)(member.second);
      if (!done) return done.error();
    }
    return {};
  }

 private:
  struct Member {
    std::string_view name;
    Result<void> (FunctionReader::*read)(const YAML::Node&);
  };

  [[nodiscard]] Error wrong(const YAML::Node& node, const std::string& what) const {
    return {"BadSettings", file_ + ":" + std::to_string(node.Mark().line + 1) + ": function " +
                               settings_.name + ": " + what};
  }
  Result<void> text(const YAML::Node& node, std::string_view name, std::string& value) const {
    if (!node.IsScalar()) return wrong(node, std::string{name} + " is a text");
    value = node.Scalar();
    return {};
  }
  struct Bounds {
    std::string_view name;
    std::int64_t least;
    std::int64_t most;
  };
  Result<std::int64_t> number(const YAML::Node& node, const Bounds& bounds) const {
    const auto value = node.IsScalar() ? node.as<std::int64_t>(-1) : -1;
    if (value >= bounds.least && value <= bounds.most) return value;
    return wrong(node, std::string{bounds.name} + " is a whole number from " +
                           std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
  }

  Result<void> command(const YAML::Node& node) {
    if (!node.IsSequence() || node.size() == 0) {
      return wrong(node, "command is a list: the program and its arguments");
    }
    for (const auto& part : node) {
      std::string& value = settings_.command.emplace_back();
      if (const auto done = text(part, "a part of command", value); !done) return done;
    }
    return {};
  }
  Result<void> handler(const YAML::Node& node) { return text(node, "handler", settings_.handler); }
  Result<void> runtime(const YAML::Node& node) { return text(node, "runtime", settings_.runtime); }
  Result<void> code(const YAML::Node& node) { return text(node, "code", settings_.code); }
  Result<void> environment(const YAML::Node& node) {
    if (!node.IsMap()) return wrong(node, "environment is a map of texts");
    for (const auto& variable : node) {
      std::string& value = settings_.environment[variable.first.as<std::string>("")];
      if (const auto done = text(variable.second, "a variable", value); !done) return done;
    }
    return {};
  }
  Result<void> timeout(const YAML::Node& node) {
    const auto value = number(node, {"timeout", 1, kLongestTimeoutSeconds});
    if (!value) return value.error();
    settings_.timeout = seconds(*value);
    return {};
  }
  Result<void> concurrency(const YAML::Node& node) {
    const auto value = number(node, {"concurrency", 1, kMostProcesses});
    if (!value) return value.error();
    settings_.concurrency = static_cast<std::size_t>(*value);
    return {};
  }
  Result<void> memory(const YAML::Node& node) {
    const auto value = number(node, {"memory", kSmallestMemoryMb, kLargestMemoryMb});
    if (!value) return value.error();
    settings_.memory_mb = static_cast<int>(*value);
    return {};
  }

  static constexpr std::array<Member, 8> kMembers = {{
      {"command", &FunctionReader::command},
      {"handler", &FunctionReader::handler},
      {"runtime", &FunctionReader::runtime},
      {"code", &FunctionReader::code},
      {"environment", &FunctionReader::environment},
      {"timeout", &FunctionReader::timeout},
      {"concurrency", &FunctionReader::concurrency},
      {"memory", &FunctionReader::memory},
  }};

  const std::string& file_;
  FunctionSettings& settings_;
};

Error at_line(const std::string& file, int line, const std::string& what) {
  return {"BadSettings", file + ":" + std::to_string(line + 1) + ": " + what};
}

bool is_function_name_text(const std::string& name) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !name.empty() && name.size() <= kFunctionNameBytes &&
         name.find_first_not_of(kLetters) == std::string::npos;
}

}  // namespace

Result<std::vector<FunctionSettings>> read_functions(const YAML::Node& functions,
                                                     const std::string& file) {
  std::vector<FunctionSettings> all;
  if (!functions.IsMap()) {
    return at_line(file, functions.Mark().line, "functions is a map from names to settings");
  }
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  for (const auto& entry : functions) {
    FunctionSettings settings;
    const int line = entry.first.Mark().line;
    settings.name = entry.first.as<std::string>("");
    settings.where = file + ":" + std::to_string(line + 1);
    if (!is_function_name_text(settings.name)) {
      return at_line(file, line,
                     "a function's name has up to 64 letters, digits, - and _, unlike '" +
                         settings.name + "'");
    }
    const bool is_there = std::ranges::any_of(
        all, [&](const FunctionSettings& each) { return each.name == settings.name; });
    if (is_there) return at_line(file, line, "function " + settings.name + ": is there twice");
    const auto read = FunctionReader{file, settings}.read(entry.second);
    if (!read) return read.error();
    const std::filesystem::path code = (folder / settings.code).lexically_normal();
    settings.code = code.has_filename() ? code.string() : code.parent_path().string();
    all.push_back(std::move(settings));
  }
  return all;
}

}  // namespace presso::server
