// Activities: tasks that wait for a worker who asks for them.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
//
// A task stands in its activity's queue from its schedule to the moment a worker takes it or nobody
// awaits it any more. Each has a row of its own, so that the queue outlives the process; who asks
// (a long poll) does not.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "engine/core/effect.h"

namespace presso::core {

class Core;
struct HandOver;

struct Activity {
  std::string arn;
  std::string name;
  Time created;
  Json settings = Json::object();  // encryptionConfiguration, by its API name
};

// ActivityDoesNotExist with AWS's text.
[[nodiscard]] Error activity_does_not_exist(std::string_view arn);

class Activities {
 public:
  explicit Activities(Core& core) : core_(core) {}

  // Idempotent over name and settings; ActivityAlreadyExists otherwise. InvalidName.
  [[nodiscard]] Result<const Activity*> create(const Caller&, const std::string& name,
                                               Json settings);
  // Of an unknown one: nothing, successfully. Who asks for its tasks gets none.
  void remove(const std::string& arn);
  // InvalidArn, ActivityDoesNotExist.
  [[nodiscard]] Result<const Activity*> find(const std::string& arn) const;
  [[nodiscard]] std::vector<const Activity*> list(const Caller&) const;  // by name
  [[nodiscard]] bool has(std::string_view arn) const { return activities_.contains(arn); }

  // ---- the queue ----
  // A task that is there already stays where it is.
  void schedule(TaskId, const std::string& activity_arn);
  // Nobody awaits the task any more. False when it is in no queue.
  bool cancelled(TaskId);

  // A worker's question: answered with the next task, now or when there is one, or with no task
  // when it ends.
  struct Poll {
    RequestId request;
    std::string activity_arn;
    std::optional<std::string> worker_name;
  };
  void poll(Poll);
  // The client left, or its time is over.
  void end_poll(RequestId);
  void end_polls();  // all of them: the process ends
  // The task's execution is in memory now.
  void hand_over(HandOver);

  // From documents of the kind "activity".
  [[nodiscard]] Result<void> restore(const Json& value);
  // Rows {"kind": "activity-task", …}.
  [[nodiscard]] static bool is_row(const Json& value);
  [[nodiscard]] Result<void> restore(DeliveryId row, const Json& value);

 private:
  struct Queued {
    std::string activity_arn;
    DeliveryId row;
  };

  void match(const std::string& activity_arn);
  void erase(std::map<TaskId, Queued>::iterator);

  Core& core_;
  std::map<std::string, Activity, std::less<>> activities_;        // by ARN
  std::map<std::string, std::deque<TaskId>, std::less<>> queues_;  // of those not handed over
  std::map<TaskId, Queued> tasks_;                                 // until a worker has them
  std::map<std::string, std::deque<Poll>, std::less<>> polls_;
};

}  // namespace presso::core
