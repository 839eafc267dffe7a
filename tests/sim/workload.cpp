#include "tests/sim/workload.h"

#include <fstream>
#include <sstream>

#include "engine/core/names.h"

namespace presso::sim {

namespace {

const core::Caller kCaller;
const std::string kBus = "Serverlesspresso";
const std::string kSource = "awsserverlessda.serverlesspresso";
const std::string kAuditTarget = "http://127.0.0.1/audit";
constexpr int kCustomerSeconds = 300;
constexpr int kBaristaSeconds = 900;

std::string read_file(const std::string& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Whoever asks again after a crash: it happened, or it happens now.
bool is_ok(const core::Answer& answer) { return answer.error_code.empty(); }

core::Answer answer_of(const Result<void>& result) {
  if (result) return {.body = "{}", .error_code = "", .http_status = 200};
  return {.body = result.error().message, .error_code = result.error().code, .http_status = 400};
}

}  // namespace

Workload::Workload(World& world, Auditor& auditor) : world_{world}, auditor_{auditor} {
  answer_calls();
}

// The shop is closed for one order in fifty. Calls take up to three seconds; one in a hundred is
// never answered by a process that goes on, but asked again by the next.
void Workload::answer_calls() {
  auto& services = world_.services();
  const auto delay = [this] {
    return seconds(static_cast<std::int64_t>(next_below(world_.entropy(), 4)));
  };
  services.on_task("dynamodb", "getItem", [this, delay](const core::TaskCall& call) {
    const bool is_open = next_below(world_.entropy(), 50) != 0;
    if (!is_open) auditor_.closed(call.execution_arn);
    const std::string item = is_open ? "true" : "false";
    return test::FakeAnswer{R"({"Item":{"storeOpen":{"BOOL":)" + item + "}}}", delay()};
  });
  services.on_task("aws-sdk:sfn", "listExecutions", [delay](const core::TaskCall&) {
    return test::FakeAnswer{R"({"Executions":[]})", delay()};
  });
  services.on_task("dynamodb", "updateItem", [this, delay](const core::TaskCall&) {
    const std::string number = std::to_string(++counter_);
    return test::FakeAnswer{R"({"Attributes":{"IDvalue":{"N":")" + number + R"("}}})", delay()};
  });
  services.on_delivery([this](const core::DeliveryCall& call) {
    // A target that fails now and then: the delivery is retried until it is taken.
    if (next_below(world_.entropy(), 20) == 0) {
      return test::FakeDelivery{core::DeliveryFailure{"SDK_CLIENT_ERROR", "refused", true}};
    }
    const auto envelope = parse_json(call.payload);
    PRESSO_ASSERT(envelope.has_value());
    if (auditor_.delivered(*envelope)) seen(*envelope);
    return test::FakeDelivery{};
  });
}

void Workload::set_up() {
  const auto definition = read_file(std::string{PRESSO_SOURCE_DIR} +
                                    "/examples/serverlesspresso/order-processor.asl.json");
  world_.request(
      {},
      [this, definition](core::Core& core, RequestId id) {
        core::CreateMachine create;
        create.name = "OrderProcessorWorkflow";
        create.first.definition = definition;
        create.first.role_arn = "arn:aws:iam::000000000000:role/orders";
        const auto machine = core.machines().create(kCaller, std::move(create));
        PRESSO_ASSERT(machine.has_value());
        machine_arn_ = (*machine)->arn;
        auto& book = core.events().book(kCaller);
        const auto rule = [&](const std::string& name, const std::string& pattern,
                              const std::string& target) {
          bus::PutRule put;
          put.name = name;
          put.bus = kBus;
          put.event_pattern = pattern;
          PRESSO_ASSERT(book.put_rule(put).has_value());
          bus::Target to;
          to.id = name;
          to.arn = target;
          const auto failed = book.put_targets(name, kBus, {to});
          PRESSO_ASSERT(failed.has_value());
          PRESSO_ASSERT(failed->empty());
          const auto stored = book.describe_rule(name, kBus);
          PRESSO_ASSERT(stored.has_value());
          core.events().store(kCaller, **stored);
        };
        rule("NewOrder", R"({"detail-type":["Validator.NewOrder"]})", machine_arn_);
        rule("Audit", R"({"source":[")" + kSource + R"("]})", kAuditTarget);
        core.reply(id, {.body = "{}", .error_code = "", .http_status = 200});
      },
      [this](const std::optional<core::Answer>& answer) {
        if (!answer) set_up();
      });
}

void Workload::plan(std::uint64_t orders) {
  set_up();
  for (std::uint64_t i = 0; i < orders; ++i) {
    const auto after = seconds(1 + static_cast<std::int64_t>(i / 4));
    world_.at(world_.now() + after, [this, id = "order-" + std::to_string(i)] { place(id); });
  }
}

// A client that heard nothing places another order: EventBridge does not know that it is the same.
void Workload::place(const std::string& order_id) {
  bus::PutEventsEntry entry;
  entry.source = kSource;
  entry.detail_type = "Validator.NewOrder";
  entry.event_bus_name = kBus;
  entry.detail = R"({"orderId":")" + order_id + R"(","userId":")" + order_id + R"("})";
  auditor_.order(order_id);
  world_.request(
      {},
      [entry](core::Core& core, RequestId id) {
        const auto results = core.events().put_events(kCaller, {entry});
        core.reply(id, {.body = "{}", .error_code = results.at(0).error_code, .http_status = 200});
      },
      [this, order_id](const std::optional<core::Answer>& answer) {
        if (!answer) return place(order_id + "+");
        PRESSO_ASSERT(is_ok(*answer));
        auditor_.order(order_id).is_acknowledged = true;
      });
}

// People learn of their turn from the event that a target outside received.
void Workload::seen(const Json& envelope) {
  const Json& detail = envelope.at("detail");
  const auto* token = as_string(find_member(detail, "TaskToken"));
  if (token == nullptr) return;
  const bool is_customer =
      envelope.at("detail-type").get<std::string>() == "OrderProcessor.WorkflowStarted";
  const auto time = parse_rfc3339(envelope.at("time").get<std::string>());
  PRESSO_ASSERT(time.has_value());
  meet({detail.at("orderId").get<std::string>(), is_customer, *token}, *time);
}

Stage& Workload::stage(const Person& person) {
  Order& order = auditor_.order(person.order_id);
  return person.is_customer ? order.customer : order.barista;
}

void Workload::meet(const Person& person, Time begun) {
  const int limit = person.is_customer ? kCustomerSeconds : kBaristaSeconds;
  Stage& its = stage(person);
  its.begun = begun;
  its.deadline = begun + seconds(limit);
  auto& entropy = world_.entropy();
  const auto in_time = seconds(
      1 + static_cast<std::int64_t>(next_below(entropy, static_cast<std::uint64_t>(limit) - 1)));
  switch (next_below(entropy, 10)) {
    case 0: return;  // never
    case 1:          // too late
      return world_.at(*its.deadline + in_time, [this, person] { answer(person, true); });
    case 2: return world_.at(world_.now() + in_time, [this, person] { answer(person, false); });
    case 3: return live_on(person, static_cast<int>(next_below(entropy, 4)), in_time);
    default: return world_.at(world_.now() + in_time, [this, person] { answer(person, true); });
  }
}

// Signs of life, and in the end an answer.
void Workload::live_on(const Person& person, int beats, Duration between) {
  world_.at(world_.now() + between, [this, person, beats, between] {
    if (beats == 0) return answer(person, true);
    heartbeat(person);
    live_on(person, beats - 1, between);
  });
}

void Workload::heartbeat(const Person& person) {
  world_.request(
      core::keys_of_token(person.token),
      [token = person.token](core::Core& core, RequestId id) {
        core.reply(id, answer_of(core.executions().heartbeat(token)));
      },
      [this, person](const std::optional<core::Answer>& answer) {
        if (!answer) return heartbeat(person);
        const int limit = person.is_customer ? kCustomerSeconds : kBaristaSeconds;
        if (is_ok(*answer)) stage(person).deadline = world_.now() + seconds(limit);
      });
}

// An answer that was refused must have been too late, or must be one that a crash kept from being
// heard: the first try had its effect then.
void Workload::answer(const Person& person, bool is_success) {
  const auto note = [this, person, is_success] {
    stage(person).answered = is_success ? Answered::Success : Answered::Failure;
  };
  world_.request(
      core::keys_of_token(person.token),
      [token = person.token, is_success](core::Core& core, RequestId id) {
        auto& executions = core.executions();
        const auto result =
            is_success ? executions.succeed_task(token, R"({"done":true})")
                       : executions.fail_task(token, {.error = "Spilled", .cause = "Oh no"});
        core.reply(id, answer_of(result));
      },
      [this, person, is_success, note](const std::optional<core::Answer>& heard) {
        if (!heard) {
          const bool was_in_time = world_.now() < *stage(person).deadline;
          if (was_in_time) note();  // this try or the next one has its effect
          return answer(person, is_success);
        }
        if (is_ok(*heard)) return note();
        ++late_answers_;
        PRESSO_ASSERT(heard->error_code == "TaskTimedOut");
        const bool is_known = stage(person).answered != Answered::NotYet;
        PRESSO_ASSERT(is_known || world_.now() >= *stage(person).deadline);
      });
}

}  // namespace presso::sim
