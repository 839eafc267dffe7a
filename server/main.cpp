// presso: options → Config → App.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/app.h"
#include "server/code_pages.h"
#include "server/config.h"
#include "server/eval_jsonata.h"
#include "server/explain_command.h"
#include "server/match_command.h"
#include "server/routes/route_report.h"
#include "server/settings_file.h"

namespace {

using presso::server::App;
using presso::server::Config;
using presso::server::Environment;
using presso::server::Options;
using presso::server::Printed;

Environment environment_of(char** variables) {
  Environment environment;
  for (; *variables; ++variables) {
    const std::string text{*variables};
    const auto equals = text.find('=');
    if (equals != std::string::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

int complain(const presso::Error& error) {
  std::fprintf(stderr, "presso: %s\n", error.message.c_str());
  return 1;
}

// The usual soft limit of 1,024 is less than the connections we take and the files we hold. How
// many there may be now.
std::size_t raise_file_limit() {
  constexpr std::size_t kUsual = 1'024;
  struct rlimit limit {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kUsual;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

int serve(Config config, Environment environment) {
  config.connections = presso::server::connections_with(raise_file_limit());
  if (config.settings_file) {
    auto settings = presso::server::read_settings(*config.settings_file);
    if (!settings) return complain(settings.error());
    config.functions = std::move(settings->functions);
    config.routes = std::move(settings->routes);
    if (!config.retention) config.retention = settings->retention;
    config.mocks =
        std::make_shared<const presso::core::MockRules::Rules>(std::move(settings->mocks));
  }
  const bool is_kept = config.data.has_value();
  presso::Result<std::unique_ptr<App>> app = App::make(std::move(config), std::move(environment));
  if (!app) return complain(app.error());
  (*app)->start();
  presso::server::give_back_code_pages();
  std::printf("presso listening on %s — %s. Ready.\n", (*app)->url().c_str(),
              is_kept ? "everything is kept" : "nothing is kept after the end");
  std::fflush(stdout);
  (*app)->wait_for_signal();
  if (!(*app)->stop()) {
    // Everything that was acknowledged is stored: whoever is still busy need not be waited for.
    std::_Exit(0);
  }
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments{values + 1, values + count};
  if (!arguments.empty() && arguments[0] == "eval-jsonata") {
    const std::span<const std::string> rest{arguments};
    return presso::server::eval_jsonata(rest.subspan(1), std::cin, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "match") {
    const std::span<const std::string> rest{arguments};
    return presso::server::match_command(rest.subspan(1), std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "explain") {
    const std::span<const std::string> rest{arguments};
    return presso::server::explain_command(rest.subspan(1), std::cout, std::cerr);
  }
  Environment environment = environment_of(environ);
  if (!arguments.empty() && arguments[0] == "routes") {
    const std::span<const std::string> rest{arguments};
    return presso::server::routes_command(rest.subspan(1), environment, std::cout, std::cerr);
  }
  presso::Result<Options> options = presso::server::parse_options(arguments, environment);
  if (!options) return complain(options.error());
  if (const auto* printed = std::get_if<Printed>(&*options)) {
    std::fputs(printed->text.c_str(), stdout);
    return 0;
  }
  return serve(std::move(*std::get_if<Config>(&*options)), std::move(environment));
}
