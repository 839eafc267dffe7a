// Redrive: who may be redriven, and what the row of an execution says of it.
// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "base/time.h"
#include "engine/run/execution.h"

namespace presso::core {

// What decides whether an execution may be redriven.
struct RedriveCandidate {
  run::Status status = run::Status::Running;
  Time start_time{};
  std::optional<Time> stop_time;
  std::uint64_t events = 0;   // in its history
  bool has_machine = true;    // it was not deleted
  bool is_map_child = false;  // started by a Map Run
};
// Why not at `now`, in AWS's words, as redriveStatusReason and ExecutionNotRedrivable show them;
// nothing when it may be.
[[nodiscard]] std::optional<std::string> why_not_redrivable(const RedriveCandidate&, Time now);

// What an execution's row knows of its redrives, as members of its details.
struct Redrives {
  struct Token {
    std::string client_token;
    Time date;  // of the redrive that it asked for
  };
  std::uint64_t count = 0;
  std::optional<Time> last;
  std::vector<Token> tokens;  // the oldest first
};
[[nodiscard]] Redrives redrives_of(const Json& details);
void write_redrives(const Redrives&, Json& details);

// When the token's redrive was, if the token is still known: AWS keeps the last ten, each for 15
// minutes.
[[nodiscard]] std::optional<Time> date_of(const Redrives&, std::string_view client_token, Time now);
void add_redrive(Redrives&, const std::optional<std::string>& client_token, Time now);

}  // namespace presso::core
