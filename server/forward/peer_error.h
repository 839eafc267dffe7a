// Errors that presso tells in a peer's place, in the form in which the service would tell them.
#pragma once

#include <string>

#include "server/forward/addressee.h"
#include "server/http_message.h"

namespace presso::server {

struct PeerError {
  int status = 502;
  std::string code;  // "BadGateway": JSON's forms add "Exception"
  std::string message;
  std::string request_id;
};

[[nodiscard]] HttpReply to_reply(const PeerError&, ErrorForm);

}  // namespace presso::server
