#include "server/integrations/credentials.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/json_members.h"
#include "server/integrations/profile_file.h"
#include "server/integrations/services.h"
#include "server/origin.h"

namespace presso::server {
namespace {

constexpr Duration kRenewBefore = seconds(300);
constexpr Duration kContainerTime = seconds(5);
constexpr int kContainerAttempts = 3;
constexpr std::string_view kContainerHost = "http://169.254.170.2";

std::string variable_or(const Environment& environment, std::string_view name,
                        std::string otherwise = {}) {
  const auto it = environment.find(name);
  return it == environment.end() || it->second.empty() ? std::move(otherwise) : it->second;
}

Error no_credentials(std::string message) { return Error{"NoCredentials", std::move(message)}; }

// ---- profiles ----

struct ProfilePlace {
  std::string name;
  std::string credentials;  // files
  std::string config;
  bool is_asked_for = false;  // by a variable
};

ProfilePlace profile_place(const Environment& environment) {
  const std::string home = variable_or(environment, "HOME");
  ProfilePlace place{.name = variable_or(environment, "AWS_PROFILE", "default"),
                     .credentials = variable_or(environment, "AWS_SHARED_CREDENTIALS_FILE",
                                                home + "/.aws/credentials"),
                     .config = variable_or(environment, "AWS_CONFIG_FILE", home + "/.aws/config")};
  place.is_asked_for = std::ranges::any_of(
      std::array{"AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE"},
      [&](const char* name) { return !variable_or(environment, name).empty(); });
  return place;
}

// A file that is not there has no profiles.
Result<Profiles> read_profiles(ProfileFile kind, const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) return Profiles{};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  return parse_profiles(kind, text, file);
}

// The two files' settings of one profile; those of the credentials file count more.
Result<std::optional<Profile>> read_profile(const ProfilePlace& place) {
  auto config = read_profiles(ProfileFile::Config, place.config);
  if (!config) return config.error();
  const auto credentials = read_profiles(ProfileFile::Credentials, place.credentials);
  if (!credentials) return credentials.error();
  std::optional<Profile> profile;
  if (const auto it = config->find(place.name); it != config->end()) profile = it->second;
  if (const auto it = credentials->find(place.name); it != credentials->end()) {
    if (!profile) profile.emplace();
    profile->where = it->second.where;
    for (const auto& [name, value] : it->second.settings) profile->settings[name] = value;
  }
  return profile;
}

Result<Credentials> keys_of(const Profile& profile, const std::string& name) {
  Credentials credentials{.access_key_id = profile.setting("aws_access_key_id"),
                          .secret_access_key = profile.setting("aws_secret_access_key"),
                          .session_token = profile.setting("aws_session_token")};
  if (!credentials.access_key_id.empty() && !credentials.secret_access_key.empty()) {
    return credentials;
  }
  for (const char* other : {"role_arn", "credential_process", "sso_session", "sso_start_url",
                            "login_session", "web_identity_token_file"}) {
    if (profile.setting(other).empty()) continue;
    return no_credentials(profile.where + ": profile '" + name + "' has no keys of its own but " +
                          other + ", which presso does not follow");
  }
  return no_credentials(profile.where + ": profile '" + name +
                        "' has no aws_access_key_id and aws_secret_access_key");
}

// Nothing: there is no such profile.
Result<std::optional<Credentials>> profile_keys(const ProfilePlace& place) {
  const auto profile = read_profile(place);
  if (!profile) return profile.error();
  if (!*profile) return std::optional<Credentials>{};
  auto keys = keys_of(**profile, place.name);
  if (!keys) return keys.error();
  return std::optional{*std::move(keys)};
}

Error no_profile(const ProfilePlace& place) {
  return no_credentials("AWS_PROFILE: there is no profile '" + place.name + "' in " +
                        place.credentials + " or " + place.config);
}

// ---- containers ----

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
std::string container_url(const Environment& environment) {
  const std::string relative = variable_or(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) return std::string{kContainerHost} + relative;
  return variable_or(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

// The token goes to this host: over TLS, or to what is on this machine or its host's.
Result<void> check_container_url(const std::string& text) {
  const auto url = parse_url(text);
  if (!url) return no_credentials("AWS_CONTAINER_CREDENTIALS_FULL_URI: '" + text + "' is no URL");
  constexpr std::array<std::string_view, 3> kHosts = {"169.254.170.2", "169.254.170.23",
                                                      "fd00:ec2::23"};
  const std::string host =
      url->host.find(':') == std::string::npos ? url->host : "[" + url->host + "]";
  const bool is_near =
      is_loopback_host(host) || std::ranges::find(kHosts, url->host) != kHosts.end();
  if (url->is_secure || is_near) return {};
  return no_credentials("AWS_CONTAINER_CREDENTIALS_FULL_URI: " + text +
                        " is neither https: nor on this machine");
}

Result<std::string> container_token(const Environment& environment) {
  const std::string file = variable_or(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  std::string token = variable_or(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (!file.empty()) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
      return no_credentials("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: " + file + " cannot be read");
    }
    token.assign(std::istreambuf_iterator<char>{stream}, {});
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    return no_credentials("the container's authorization token has a line break");
  }
  return token;
}

struct ContainerKeys {
  Credentials credentials;
  std::optional<Time> expires;
};

Result<ContainerKeys> container_keys(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) return no_credentials(none->reason);
  const auto& response = std::get<OutboundResponse>(result);
  const auto body = parse_json(response.body);
  if (response.status != 200 || !body || !body->is_object()) {
    return no_credentials("the container's endpoint answered with status " +
                          std::to_string(response.status));
  }
  ContainerKeys keys{.credentials = {.access_key_id = text_at(*body, "AccessKeyId"),
                                     .secret_access_key = text_at(*body, "SecretAccessKey"),
                                     .session_token = text_at(*body, "Token")},
                     .expires = std::nullopt};
  if (keys.credentials.access_key_id.empty() || keys.credentials.secret_access_key.empty()) {
    return no_credentials("the container's endpoint answered without keys");
  }
  if (const auto expiration = text_if(*body, "Expiration")) {
    keys.expires = parse_rfc3339(*expiration);
  }
  return keys;
}

}  // namespace

class CredentialChain::Chain : public std::enable_shared_from_this<CredentialChain::Chain> {
 public:
  explicit Chain(Setup setup)
      : setup_(std::move(setup)),
        place_(profile_place(setup_.environment)),
        container_url_(container_url(setup_.environment)) {}

  void find(const Wanted& wanted, const Found& found) {
    if (!variable_or(setup_.environment, "AWS_ACCESS_KEY_ID").empty()) {
      return found(credentials_of(setup_.environment, wanted.caller));
    }
    if (place_.is_asked_for || wanted.is_for_aws) {
      auto keys = profile_keys(place_);
      if (keys && *keys) return found(**std::move(keys));
      if (!keys && wanted.is_for_aws) return found(keys.error());
    }
    if (!container_url_.empty()) return ask_container(found);
    if (wanted.is_for_aws) {
      return found(
          no_credentials("Unable to load credentials: neither the environment, nor the "
                         "profile '" +
                         place_.name + "', nor a container has any"));
    }
    found(credentials_of(setup_.environment, wanted.caller));
  }

 private:
  void ask_container(const Found& found) {
    std::optional<Credentials> kept;
    {
      const std::lock_guard lock{mutex_};
      if (kept_ && !expires_within(kRenewBefore)) {
        kept = kept_->credentials;
      } else {
        waiting_.push_back(found);
        if (waiting_.size() > 1) return;  // asked already
      }
    }
    if (kept) return found(*std::move(kept));
    fetch(1);
  }

  void fetch(int attempt) {
    OutboundRequest request;
    request.method = "GET";
    request.url = container_url_;
    request.timeout = kContainerTime;
    const auto token = container_token(setup_.environment);
    const Result<void> checked = check_container_url(container_url_);
    if (!checked) return answer(checked.error());
    if (!token) return answer(token.error());
    if (!token->empty()) request.headers.emplace_back("Authorization", *token);
    setup_.client.send(std::move(request),
                       [self = shared_from_this(), attempt](const OutboundResult& result) {
                         auto keys = container_keys(result);
                         if (!keys && attempt < kContainerAttempts) return self->fetch(attempt + 1);
                         self->answer(std::move(keys));
                       });
  }

  // What is still good serves when no new ones can be had.
  void answer(Result<ContainerKeys> keys) {
    std::vector<Found> waiting;
    Result<Credentials> result = no_credentials("");
    {
      const std::lock_guard lock{mutex_};
      if (keys) kept_ = *keys;
      waiting = std::exchange(waiting_, {});
      const bool is_good = keys || (kept_ && !expires_within(Duration{0}));
      if (is_good) {
        result = kept_->credentials;
      } else {
        result = keys.error();
      }
    }
    for (const Found& found : waiting) found(result);
  }

  [[nodiscard]] bool expires_within(Duration time) const {
    return kept_->expires && *kept_->expires <= setup_.now() + time;
  }

  Setup setup_;
  ProfilePlace place_;
  std::string container_url_;
  // Guards what a container has given and who waits for it: calls begin on the core's thread and on
  // the I/O threads.
  std::mutex mutex_;
  std::optional<ContainerKeys> kept_;
  std::vector<Found> waiting_;
};

CredentialChain::CredentialChain(Setup setup) : chain_(std::make_shared<Chain>(std::move(setup))) {}
CredentialChain::~CredentialChain() = default;

void CredentialChain::find(Wanted wanted, Found found) { chain_->find(wanted, found); }

Result<std::string> check_credentials(const Environment& environment) {
  if (!variable_or(environment, "AWS_ACCESS_KEY_ID").empty()) return std::string{};
  const ProfilePlace place = profile_place(environment);
  if (place.is_asked_for) {
    const auto profile = read_profile(place);
    if (!profile) return profile.error();
    if (!*profile && place.name != "default") return no_profile(place);
    if (*profile) {
      const auto keys = keys_of(**profile, place.name);
      if (!keys) return keys.error().message + "; calls of real AWS will fail";
    }
    return std::string{};
  }
  const std::string url = container_url(environment);
  if (url.empty()) return std::string{};
  const Result<void> checked = check_container_url(url);
  if (!checked) return checked.error();
  return std::string{};
}

}  // namespace presso::server
