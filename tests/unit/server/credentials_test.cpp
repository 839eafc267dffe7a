#include "server/integrations/credentials.h"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "server/integrations/profile_file.h"

namespace presso::server {
namespace {

const core::Caller kCaller{.account = "123456789012", .region = "eu-west-1"};

class Home {
 public:
  Home() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  ~Home() { std::filesystem::remove_all(path_); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(path_ + "/.aws");
    std::ofstream{path_ + "/.aws/" + name} << text;
  }
  [[nodiscard]] Environment environment(Environment more = {}) const {
    more["HOME"] = path_;
    return more;
  }
  // An error's message without the folder.
  [[nodiscard]] std::string without_folder(std::string text) const {
    for (auto at = text.find(path_); at != std::string::npos; at = text.find(path_)) {
      text.replace(at, path_.size(), "~");
    }
    return text;
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "presso-test-XXXXXX").string();
};

// Whose keys a call has, or why it has none; nobody is asked over HTTP.
std::string key_of(const Environment& environment, bool is_for_aws = false) {
  boost::asio::io_context io;
  HttpClient client{io};
  CredentialChain chain{
      {.environment = environment, .client = client, .now = [] { return Time{}; }}};
  std::optional<Result<Credentials>> found;
  chain.find({.caller = kCaller, .is_for_aws = is_for_aws},
             [&](Result<Credentials> result) { found = std::move(result); });
  REQUIRE(found);
  return *found ? (*found)->access_key_id + (*found)->session_token : found->error().message;
}

const std::string kKeys = "aws_secret_access_key = s\n";

}  // namespace

TEST_CASE("the shared files are read as AWS's tools read them") {
  const auto profiles = parse_profiles(ProfileFile::Config,
                                       "# a comment\n\n[default]\nregion = eu-west-1\n"
                                       "[profile  work ]\nAWS_Access_Key_Id=AKIA # mine\r\n"
                                       "s3 =\n  max_concurrent_requests = 20\n"
                                       "output=a#b\n[sso-session x]\nsso_region = y\n[other]\n",
                                       "config");
  REQUIRE(profiles);
  REQUIRE(profiles->size() == 2);
  CHECK(profiles->at("work").setting("aws_access_key_id") == "AKIA");
  CHECK(profiles->at("work").setting("output") == "a#b");
  CHECK(profiles->at("work").setting("max_concurrent_requests").empty());
  CHECK(profiles->at("work").where == "config:5");
  const auto keys =
      parse_profiles(ProfileFile::Credentials, "[work]\naws_session_token=a=b\n", "c");
  REQUIRE(keys);
  CHECK(keys->at("work").setting("aws_session_token") == "a=b");
  for (const char* wrong : {"[work\n", "aws_access_key_id = 1\n", "[a]\nnothing\n"}) {
    CAPTURE(wrong);
    const auto refused = parse_profiles(ProfileFile::Credentials, wrong, "c");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with("c:"));
  }
}

TEST_CASE("keys are the environment's, then a profile's, then the local pair") {
  const Home home;
  CHECK(key_of(home.environment()) == "123456789012");
  CHECK(key_of(home.environment(), true).starts_with("Unable to load credentials"));
  home.write("credentials", "[default]\naws_access_key_id = D\n" + kKeys +
                                "[work]\naws_access_key_id = W\naws_session_token = T\n" + kKeys);
  home.write("config",
             "[profile work]\naws_access_key_id = not this\n[profile role]\n"
             "role_arn = arn\n[profile conf]\naws_access_key_id = C\n" +
                 kKeys);
  CHECK(key_of(home.environment()) == "123456789012");
  CHECK(key_of(home.environment(), true) == "D");
  CHECK(key_of(home.environment({{"AWS_PROFILE", "work"}})) == "WT");
  CHECK(key_of(home.environment({{"AWS_PROFILE", "conf"}})) == "C");
  CHECK(key_of(home.environment({{"AWS_PROFILE", "role"}})) == "123456789012");
  CHECK(
      home.without_folder(key_of(home.environment({{"AWS_PROFILE", "role"}}), true)) ==
      "~/.aws/config:3: profile 'role' has no keys of its own but role_arn, which presso does not "
      "follow");
  CHECK(key_of(home.environment({{"AWS_PROFILE", "work"}, {"AWS_ACCESS_KEY_ID", "E"}}), true) ==
        "E");
}

TEST_CASE("a profile that is not there is told at the start, with the files") {
  const Home home;
  home.write("config", "[profile role]\nrole_arn = arn\n");
  const auto checked = [&](Environment environment) {
    const auto told = check_credentials(home.environment(std::move(environment)));
    return home.without_folder(told ? *told : "error: " + told.error().message);
  };
  CHECK(checked({}) == "");
  CHECK(checked({{"AWS_PROFILE", "wrok"}}) ==
        "error: AWS_PROFILE: there is no profile 'wrok' in ~/.aws/credentials or ~/.aws/config");
  CHECK(
      checked({{"AWS_PROFILE", "role"}}) ==
      "~/.aws/config:1: profile 'role' has no keys of its own but role_arn, which presso does not "
      "follow; calls of real AWS will fail");
  home.write("credentials", "[role]\nbroken\n");
  CHECK(checked({{"AWS_PROFILE", "role"}}) ==
        "error: ~/.aws/credentials:2: neither a section nor a setting");
  CHECK(checked({{"AWS_PROFILE", "role"}, {"AWS_ACCESS_KEY_ID", "E"}}) == "");
  const char* full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  CHECK(checked({{full, "http://169.254.170.23/v1"}}) == "");
  CHECK(checked({{full, "https://keys.example/"}}) == "");
  CHECK(checked({{full, "http://keys.example/"}}) ==
        "error: AWS_CONTAINER_CREDENTIALS_FULL_URI: http://keys.example/ is neither https: nor on "
        "this machine");
  CHECK(checked({{full, "keys"}}) == "error: AWS_CONTAINER_CREDENTIALS_FULL_URI: 'keys' is no URL");
}

}  // namespace presso::server
