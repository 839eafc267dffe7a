// With whose keys requests are signed: the environment's, a profile's, a container's, in this
// order as the SDKs have it.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
//
//   CredentialChain chain({.environment = environment, .client = client});
//   chain.find({.caller = caller}, [](Result<Credentials> found) { … });
//
// Local servers take any keys: without AWS_PROFILE, a file's variable or a container's the profile
// `default` is for real AWS alone, and all others get a pair with the caller's account as its key.
// Keys of a container are kept until five minutes before they expire; a file is read again when it
// has changed. Roles are not assumed, and no other program is asked.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/core/caller.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"
#include "server/integrations/sigv4.h"

namespace presso::server {

class CredentialChain {
 public:
  struct Setup {
    Environment environment;
    HttpClient& client;         // outlives this
    std::function<Time()> now;  // real time: what expires does so whatever virtual time it is
  };
  struct Wanted {
    core::Caller caller;
    bool is_for_aws = false;  // not a local server
  };
  using Found = std::function<void(Result<Credentials>)>;

  explicit CredentialChain(Setup);
  ~CredentialChain();
  CredentialChain(const CredentialChain&) = delete;
  CredentialChain& operator=(const CredentialChain&) = delete;

  // From any thread; `found` is called at once, or on a thread of the client's.
  void find(Wanted, Found);

 private:
  class Chain;
  std::shared_ptr<Chain> chain_;
};

// What can be known at the start. Error: AWS_PROFILE names no profile, a file is malformed, a
// container's URL may not be asked. The text: empty, or a warning that calls of real AWS will fail.
[[nodiscard]] Result<std::string> check_credentials(const Environment&);

}  // namespace presso::server
