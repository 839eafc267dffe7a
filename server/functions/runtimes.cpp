#include "server/functions/runtimes.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "server/functions/bootstraps.h"
#include "server/integrations/services.h"

namespace presso::server {
namespace {

namespace fs = std::filesystem;

// A runtime whose bootstrap presso brings: the program reads it from its standard input. Which
// version it is, is what the machine has: `command` names another.
struct Runtime {
  std::string_view prefix;  // of the runtime's name
  std::string_view program;
  std::string_view (*bootstrap)();
};
constexpr std::array<Runtime, 2> kRuntimes = {
    {{"nodejs", "node", node_bootstrap}, {"python", "python3", python_bootstrap}}};
constexpr std::string_view kFromInput = "-";
constexpr std::string_view kOwnBootstrap = "./bootstrap";

const Runtime* find_runtime(const FunctionSettings& settings) {
  for (const Runtime& runtime : kRuntimes) {
    if (settings.runtime.starts_with(runtime.prefix)) return &runtime;
  }
  return nullptr;
}

bool is_program(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> find_program(const std::string& name, const std::string& folder,
                                        const Environment& environment) {
  if (name.find('/') != std::string::npos) {
    const fs::path path = fs::path{folder} / name;
    return is_program(path) ? std::optional{path.lexically_normal().string()} : std::nullopt;
  }
  const auto path = environment.find("PATH");
  const std::string places =
      path == environment.end() ? "/usr/local/bin:/usr/bin:/bin" : path->second;
  for (const std::string_view place : split(places, ':')) {
    const fs::path candidate = fs::path{place.empty() ? "." : place} / name;
    if (is_program(candidate)) return fs::absolute(candidate).string();
  }
  return std::nullopt;
}

Error not_found(const std::string& program, const std::string& folder) {
  const bool is_path = program.find('/') != std::string::npos;
  return {"BadFunction", is_path ? "there is no program " + program + " in " + folder
                                 : "there is no program " + program + " on the PATH"};
}

Result<std::vector<std::string>> command_of(const FunctionSettings& settings,
                                            const Environment& environment) {
  std::vector<std::string> command = settings.command;
  const Runtime* runtime = find_runtime(settings);
  if (command.empty()) command = {std::string{runtime ? runtime->program : kOwnBootstrap}};
  const auto program = find_program(command[0], settings.code, environment);
  if (!program) return not_found(command[0], settings.code);
  command[0] = *program;
  if (runtime != nullptr) command.emplace_back(kFromInput);
  return command;
}

// What is set last counts.
void set(std::map<std::string, std::string, std::less<>>& variables, std::string name,
         std::string value) {
  variables.insert_or_assign(std::move(name), std::move(value));
}

std::vector<std::string> variables_of(const FunctionSettings& settings, const FunctionWorld& world,
                                      std::uint16_t runtime_port, const std::string& log_stream) {
  Environment variables = world.environment;
  const Credentials credentials = credentials_of(world.environment, world.caller);
  set(variables, "AWS_ACCESS_KEY_ID", credentials.access_key_id);
  set(variables, "AWS_SECRET_ACCESS_KEY", credentials.secret_access_key);
  set(variables, "AWS_REGION", world.caller.region);
  set(variables, "AWS_DEFAULT_REGION", world.caller.region);
  set(variables, "AWS_ENDPOINT_URL", world.url);
  set(variables, "AWS_EXECUTION_ENV", "AWS_Lambda_" + settings.runtime);
  set(variables, "AWS_LAMBDA_FUNCTION_NAME", settings.name);
  set(variables, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
  set(variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(settings.memory_mb));
  set(variables, "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
  set(variables, "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + settings.name);
  set(variables, "AWS_LAMBDA_LOG_STREAM_NAME", log_stream);
  set(variables, "LAMBDA_TASK_ROOT", settings.code);
  set(variables, "TZ", ":UTC");
  for (const auto& [name, value] : settings.environment) set(variables, name, value);
  // What the runtime depends on is nobody's to change.
  set(variables, "_HANDLER", settings.handler);
  set(variables, "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + std::to_string(runtime_port));
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
  return texts;
}

}  // namespace

Result<void> check_function(const FunctionSettings& settings, const Environment& environment) {
  std::error_code ignored;
  if (!fs::is_directory(settings.code, ignored)) {
    return Error{"BadFunction", "there is no folder " + settings.code};
  }
  const Runtime* runtime = find_runtime(settings);
  const bool is_provided = settings.runtime.empty() || settings.runtime.starts_with("provided");
  if (runtime == nullptr && !is_provided && settings.command.empty()) {
    return Error{"BadFunction", "presso has no bootstrap for the runtime " + settings.runtime +
                                    ": it wants a command that speaks the Runtime API"};
  }
  if (runtime != nullptr && settings.handler.empty()) {
    return Error{"BadFunction", "the runtime " + settings.runtime + " wants a handler"};
  }
  const auto command = command_of(settings, environment);
  if (!command) return command.error();
  return {};
}

Result<Launch> function_launch(const FunctionSettings& settings, const FunctionWorld& world,
                               std::uint16_t runtime_port, const std::string& log_stream) {
  auto command = command_of(settings, world.environment);
  if (!command) return command.error();
  const Runtime* runtime = find_runtime(settings);
  return Launch{.command = *std::move(command),
                .folder = settings.code,
                .environment = variables_of(settings, world, runtime_port, log_stream),
                .input = runtime == nullptr ? std::string_view{} : runtime->bootstrap()};
}

}  // namespace presso::server
