#include "tests/support/fake_services.h"

namespace presso::test {

namespace {

std::pair<std::string, std::string> key_of(const asl::Resource& resource) {
  if (resource.kind == asl::Resource::Kind::LambdaFunction) return {"lambda", "invoke"};
  return {resource.service, resource.action};
}

}  // namespace

void FakeServices::on_task(std::string service, std::string action, TaskRule rule) {
  task_rules_[{std::move(service), std::move(action)}] = std::move(rule);
}

void FakeServices::perform(const core::Effect& effect, Time now) {
  if (const auto* task = std::get_if<core::TaskCall>(&effect)) {
    start(*task, now);
  } else if (const auto* delivery = std::get_if<core::DeliveryCall>(&effect)) {
    start(*delivery, now);
  } else if (const auto* call = std::get_if<core::CancelCall>(&effect)) {
    cancelled.push_back(*call);
    std::erase_if(on_the_way_, [&](const auto& entry) {
      const auto* answered = std::get_if<core::CallAnswered>(&entry.second);
      return answered != nullptr && answered->task == call->task;
    });
  }
}

void FakeServices::start(const core::TaskCall& call, Time now) {
  calls.push_back(call);
  const auto rule = task_rules_.find(key_of(call.resource));
  if (rule == task_rules_.end()) return;
  if (auto answer = rule->second(call)) {
    on_the_way_.emplace(now + answer->delay,
                        core::CallAnswered{call.task, std::move(answer->result)});
  }
}

void FakeServices::start(const core::DeliveryCall& call, Time now) {
  deliveries.push_back(call);
  if (!delivery_rule_) return;
  if (auto answer = delivery_rule_(call)) {
    on_the_way_.emplace(now + answer->delay,
                        core::DeliveryAnswered{call.delivery, std::move(answer->failure)});
  }
}

std::vector<core::Input> FakeServices::take_due(Time now) {
  std::vector<core::Input> due;
  while (!on_the_way_.empty() && on_the_way_.begin()->first <= now) {
    std::visit([&](auto& answer) { due.emplace_back(std::move(answer)); },
               on_the_way_.begin()->second);
    on_the_way_.erase(on_the_way_.begin());
  }
  return due;
}

std::optional<Time> FakeServices::next() const {
  if (on_the_way_.empty()) return std::nullopt;
  return on_the_way_.begin()->first;
}

}  // namespace presso::test
