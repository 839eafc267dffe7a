// Random state machines for property tests: states in a row, some of them with rows within, of all
// types and in both query languages. Whatever the outside answers, they come to an end.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "base/entropy.h"
#include "base/json.h"

namespace presso::test {

struct RandomMachineOptions {
  // What gives another result after a failure: Catch, tolerated failures, time-outs and Fail
  // states. Without, a machine's result depends on its input and the answers alone.
  bool can_survive_failures = true;
  bool has_distributed_maps = true;
  bool has_express_children = true;  // of distributed Maps; a crash begins them anew
};

struct RandomMachine {
  std::string definition;            // JSON text
  std::string input;                 // the same
  std::set<std::string> activities;  // names
  bool has_timeouts = false;         // of every Task, kRandomTimeoutSeconds
  // By what is asked for, so that two runs of one machine ask the same:
  //   lambda:invoke    {"FunctionName": STATE, "Payload": …}
  //   a function's ARN {"by": STATE, "in": …}
  //   an activity      the same
  //   sqs:sendMessage.waitForTaskToken  {"QueueUrl": STATE, "MessageBody": {"in": …, "token": …}}
  //   s3:getObject     {"Bucket": "in", "Key": STATE}: an array as the text of an object
  //   s3:putObject     {"Bucket": "out", …}
};

// For each attempt; half of it between heartbeats, where they are awaited.
inline constexpr int kRandomTimeoutSeconds = 20;

[[nodiscard]] RandomMachine random_machine(Entropy&, RandomMachineOptions);

}  // namespace presso::test
