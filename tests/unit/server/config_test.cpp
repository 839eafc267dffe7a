#include "server/config.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace presso::server {
namespace {

using Arguments = std::vector<std::string>;

Config config_of(const Arguments& arguments, const Environment& environment = {}) {
  Result<Options> options = parse_options(arguments, environment);
  REQUIRE(options);
  const Config* config = std::get_if<Config>(&*options);
  REQUIRE(config);
  return *config;
}

std::string complaint(const Arguments& arguments, const Environment& environment = {}) {
  const Result<Options> options = parse_options(arguments, environment);
  return options ? "" : options.error().message;
}

std::string printed(const Arguments& arguments) {
  Result<Options> options = parse_options(arguments, {});
  REQUIRE(options);
  const Printed* text = std::get_if<Printed>(&*options);
  return text ? text->text : "";
}

TEST_CASE("without options there are defaults") {
  const Config config = config_of({"serve"});
  CHECK(config == Config{});
  CHECK(config.host == "127.0.0.1");
  CHECK(config.port == 4566);
  CHECK_FALSE(config.data);
  CHECK(config.caller.account == "000000000000");
  CHECK(config.caller.region == "us-east-1");
}

TEST_CASE("the command line counts before the environment") {
  const Environment environment = {{"PRESSO_PORT", "1"},       {"PRESSO_HOST", "::1"},
                                   {"PRESSO_DATA", "/data"},   {"PRESSO_DURABILITY", "process"},
                                   {"PRESSO_CLOCK", "auto"},   {"PRESSO_BUS", "Orders,Tables"},
                                   {"PRESSO_REGION", ""},      {"AWS_DEFAULT_REGION", "eu-west-1"},
                                   {"PRESSO_LOG_LEVEL", "off"}};
  const Config config = config_of(
      {"serve", "--port", "0", "--clock=frozen", "--account", "123456789012"}, environment);
  CHECK(config.port == 0);
  CHECK(config.clock == ClockMode::Frozen);
  CHECK(config.caller.account == "123456789012");
  CHECK(config.caller.region == "eu-west-1");
  CHECK(config.host == "::1");
  CHECK(config.data == "/data");
  CHECK(config.durability == Durability::Process);
  CHECK(config.buses == std::vector<std::string>{"Orders", "Tables"});
  CHECK(config.log_level == LogLevel::Off);
}

TEST_CASE("presso's own variables count before AWS's") {
  const Environment environment = {{"PRESSO_ACCOUNT", "111111111111"},
                                   {"AWS_ACCOUNT_ID", "222222222222"}};
  CHECK(config_of({"serve"}, environment).caller.account == "111111111111");
  CHECK(config_of({"serve"}, {{"AWS_ACCOUNT_ID", "222222222222"}}).caller.account ==
        "222222222222");
}

TEST_CASE("a retention has a unit, and is from a minute to ten years") {
  CHECK_FALSE(config_of({"serve"}).retention);
  CHECK(config_of({"serve", "--retention", "1m"}).retention == seconds(60));
  CHECK(config_of({"serve", "--retention=36h"}).retention == seconds(36 * 3'600));
  CHECK(config_of({"serve"}, {{"PRESSO_RETENTION", "30d"}}).retention == seconds(30 * 86'400));
  CHECK(config_of({"serve", "--retention", "3650d"}).retention == seconds(3'650LL * 86'400));
  for (const char* wrong :
       {"", "7", "d", "0d", "-1d", "1s", "1 d", "1dd", "3651d", "1.5h", "9223372036854775807d"}) {
    CHECK(complaint({"serve", "--retention", wrong}) ==
          "--retention wants a time as in 90d, 12h or 30m, not '" + std::string{wrong} + "'");
  }
}

TEST_CASE("lists are repeated") {
  const Config config = config_of({"serve", "--bus", "A", "--bus", "B", "--allow-origin",
                                   "https://a.example", "--allow-origin", "*"});
  CHECK(config.buses == std::vector<std::string>{"A", "B"});
  CHECK(config.allowed_origins == std::vector<std::string>{"https://a.example", "*"});
}

TEST_CASE("what is wrong is said in one sentence, with where it came from") {
  CHECK(complaint({"serve", "--port", "65536"}) ==
        "--port wants a number from 0 to 65535, not '65536'");
  CHECK(complaint({"serve"}, {{"PRESSO_PORT", "80 "}}) ==
        "PRESSO_PORT wants a number from 0 to 65535, not '80 '");
  CHECK(complaint({"serve", "--durability", "none"}) ==
        "--durability wants full or process, not 'none'");
  CHECK(complaint({"serve", "--clock", "Real"}) ==
        "--clock wants real, frozen or auto, not 'Real'");
  CHECK(complaint({"serve", "--account", "12345678901"}) ==
        "--account wants twelve digits, not '12345678901'");
  CHECK(complaint({"serve", "--region", "EU"}) == "--region wants a region's name, not 'EU'");
  CHECK(complaint({"serve", "--log-level", "loud"}) ==
        "--log-level wants debug, info, warn, error or off, not 'loud'");
  CHECK(complaint({"serve", "--bus", ""}) ==
        "--bus wants up to 256 of the characters a-z, A-Z, 0-9, /, ., - and _, not ''");
  CHECK_FALSE(complaint({"serve", "--prot", "1"}).empty());
  CHECK_FALSE(complaint({"serve", "--port"}).empty());
  CHECK_FALSE(complaint({"brew"}).empty());
}

TEST_CASE("help names every option and its variable") {
  const std::string help = printed({"serve", "--help"});
  for (const char* word : {"--host",           "--port",
                           "--data",           "--durability",
                           "--clock",          "--bus",
                           "--account",        "--region",
                           "--log-level",      "--allow-origin",
                           "PRESSO_HOST",      "PRESSO_PORT",
                           "PRESSO_DATA",      "PRESSO_DURABILITY",
                           "PRESSO_CLOCK",     "PRESSO_BUS",
                           "PRESSO_ACCOUNT",   "AWS_ACCOUNT_ID",
                           "PRESSO_REGION",    "AWS_DEFAULT_REGION",
                           "PRESSO_LOG_LEVEL", "PRESSO_ALLOW_ORIGIN"}) {
    CHECK_MESSAGE(help.find(word) != std::string::npos, word);
  }
  CHECK(printed({}).find("serve") != std::string::npos);
  CHECK(printed({"--version"}) == "presso " + std::string{kVersion} + "\n");
}

}  // namespace
TEST_CASE("connections leave a quarter of the file descriptors to others") {
  CHECK(connections_with(1'024) == 768);
  CHECK(connections_with(20'000) == 15'000);
  CHECK(connections_with(1'048'576) == kConnections);
}

}  // namespace presso::server
