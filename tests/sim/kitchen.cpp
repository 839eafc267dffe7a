#include "tests/sim/kitchen.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "base/json_members.h"
#include "engine/asl/parse.h"
#include "engine/core/names.h"
#include "engine/run/event_codec.h"
#include "tests/support/history_fault.h"

namespace presso::sim {

namespace {

const core::Caller kCook;
constexpr const char* kCashier = "arn:aws:states:us-east-1:000000000000:activity:cashier";
constexpr std::uint64_t kSpread = 400;  // seconds, for a hundred orders
constexpr std::size_t kFaultsTold = 20;

std::string text_of_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

core::Answer answer_with(const Error* error) {
  if (error == nullptr) return {.body = "{}", .error_code = "", .http_status = 200};
  return {.body = error->message, .error_code = error->code, .http_status = 400};
}

run::Failure failure_named(const char* error) { return {.error = error, .cause = "by chance"}; }

}  // namespace

Kitchen::Kitchen(World& world)
    : world_{world},
      text_{text_of_file(std::string{PRESSO_SOURCE_DIR} + "/tests/sim/kitchen.asl.json")} {
  definition_ = asl::parse(text_, asl::MachineType::Standard).definition;
  PRESSO_ASSERT(definition_ != nullptr);
  answer_calls();
}

std::uint64_t Kitchen::below(std::uint64_t bound) { return next_below(world_.entropy(), bound); }

Duration Kitchen::soon(std::uint64_t most_seconds) {
  return seconds(static_cast<std::int64_t>(1 + below(most_seconds)));
}

// Of a hundred calls eight fail, three are never answered, by whichever process they are asked
// again; of what the oven bakes a tenth burns.
void Kitchen::answer_calls() {
  auto& services = world_.services();
  const auto maybe = [this](TaskId task, std::string output) -> std::optional<test::FakeAnswer> {
    if ((task.execution.value * 7 + task.event) % 33 == 0) return std::nullopt;
    const std::uint64_t luck = below(100);
    if (luck < 6) return test::FakeAnswer{failure_named("Oops"), soon(3)};
    if (luck < 8) return test::FakeAnswer{failure_named("Spilled"), soon(3)};
    return test::FakeAnswer{std::move(output), soon(3)};
  };
  services.on_task("lambda", "invoke", [this, maybe](const core::TaskCall& call) {
    const auto asked = parse_json(call.parameters);
    PRESSO_ASSERT(asked.has_value());
    if (asked->is_number()) {
      const Json baked{{"cake", asked->get<int>() * 10}, {"burnt", below(10) == 0}};
      return maybe(call.task, dump_json(baked));
    }
    if (asked->contains("taste")) return maybe(call.task, below(8) == 0 ? R"("bad")" : R"("good")");
    return maybe(call.task, dump_json(asked->at("Payload")));
  });
  services.on_task("sqs", "sendMessage", [this, maybe](const core::TaskCall& call) {
    const auto asked = parse_json(call.parameters);
    auto answer = maybe(call.task, R"({"MessageId":"1"})");
    const bool is_heard = answer && std::holds_alternative<std::string>(answer->result);
    if (is_heard && below(10) != 0) {
      const std::string token = text_at(asked->at("MessageBody"), "token");
      const bool is_success = below(30) != 0;
      world_.at(world_.now() + soon(100) + answer->delay,
                [this, token, is_success] { tell(token, is_success, R"("heard")"); });
    }
    return answer;
  });
  const auto rarely_fails = [this](std::string output) {
    if (below(50) == 0) return test::FakeAnswer{failure_named("S3.SlowDown"), soon(2)};
    return test::FakeAnswer{std::move(output), soon(2)};
  };
  services.on_task("s3", "listObjectsV2", [rarely_fails](const core::TaskCall&) {
    return rarely_fails(R"({"Contents":[{"Key":"a","Size":5},{"Key":"b","Size":5}]})");
  });
  services.on_task("s3", "getObject", [rarely_fails](const core::TaskCall&) {
    return rarely_fails(R"({"Body":"[1,2]"})");
  });
  services.on_task("s3", "putObject",
                   [rarely_fails](const core::TaskCall&) { return rarely_fails("{}"); });
}

void Kitchen::set_up() {
  world_.request(
      {},
      [this](core::Core& core, RequestId id) {
        PRESSO_ASSERT(core.activities().create(kCook, "cashier", Json::object()).has_value());
        core::CreateMachine create;
        create.name = "Kitchen";
        create.first.definition = text_;
        create.first.role_arn = "arn:aws:iam::000000000000:role/kitchen";
        const auto machine = core.machines().create(kCook, std::move(create));
        PRESSO_ASSERT(machine.has_value());
        machine_arn_ = (*machine)->arn;
        core.reply(id, answer_with(nullptr));
      },
      [this](const std::optional<core::Answer>& answer) { answer ? poll() : set_up(); });
}

void Kitchen::plan(std::uint64_t orders) {
  set_up();
  for (std::uint64_t i = 0; i < orders; ++i) {
    const std::string id = "order-" + std::to_string(i);
    Json cups = Json::array();
    for (auto left = 1 + below(4); left > 0; --left) cups.push_back(below(100));
    Json items = Json::array();
    for (auto left = 1 + below(5); left > 0; --left) items.push_back(below(100));
    orders_[id] = Json{{"id", id},
                       {"rush", below(2) == 0},
                       {"queue", 1 + below(60)},
                       {"cups", std::move(cups)},
                       {"items", std::move(items)}};
    world_.at(world_.now() + soon(60 + orders * kSpread / 100), [this, id] { place(id); });
  }
}

// Under its own name: who hears nothing asks again, and nothing begins twice.
void Kitchen::place(const std::string& id) {
  core::StartExecution start{.machine_arn = machine_arn_,
                             .name = id,
                             .input = dump_json(orders_.at(id)),
                             .trace_header = std::nullopt};
  core::Keys keys = core::keys_of_start(start);
  world_.request(
      std::move(keys),
      [start](core::Core& core, RequestId request) {
        const auto started = core.executions().start(kCook, start);
        core.reply(request, answer_with(started ? nullptr : &started.error()));
      },
      [this, id](const std::optional<core::Answer>& answer) {
        if (!answer) return place(id);
        PRESSO_ASSERT(answer->error_code.empty() || answer->error_code == "ExecutionAlreadyExists");
        world_.at(world_.now() + soon(100), [this, id] { look(id); });
      });
}

core::ExecutionRow Kitchen::row_of(const std::string& id) const {
  const auto found = world_.store().reader()->find({machine_arn_, id});
  PRESSO_ASSERT(found.has_value());
  PRESSO_ASSERT(found->has_value());
  return **found;
}

// Until it has succeeded: what has ended otherwise is redriven, some are stopped on their way.
void Kitchen::look(const std::string& id) {
  const run::Status status = row_of(id).status;
  if (status == run::Status::Succeeded) return;
  if (run::is_unsuccessful(status)) return redrive(id, "redrive-" + std::to_string(++redrives_));
  const std::uint64_t luck = below(40);
  if (luck < 2) return stop(id);
  if (luck < 10) update(id);
  world_.at(world_.now() + soon(60), [this, id] { look(id); });
}

void Kitchen::redrive(const std::string& id, const std::string& token) {
  const std::string arn = core::execution_arn(machine_arn_, id);
  world_.request(
      core::keys_of_execution(arn),
      [arn, token](core::Core& core, RequestId request) {
        const auto redriven = core.executions().redrive(arn, token);
        core.reply(request, answer_with(redriven ? nullptr : &redriven.error()));
      },
      [this, id, token](const std::optional<core::Answer>& answer) {
        if (!answer) return redrive(id, token);
        if (!answer->error_code.empty()) fault(id, "is not redriven: " + answer->body);
        world_.at(world_.now() + soon(300), [this, id] { look(id); });
      });
}

void Kitchen::stop(const std::string& id) {
  const std::string arn = core::execution_arn(machine_arn_, id);
  ++stops_;
  world_.request(
      core::keys_of_execution(arn),
      [arn](core::Core& core, RequestId request) {
        const auto stopped = core.executions().stop(arn, {.error = "Stopped", .cause = {}});
        core.reply(request, answer_with(stopped ? nullptr : &stopped.error()));
      },
      [this, id](const std::optional<core::Answer>& answer) {
        if (!answer) return stop(id);
        world_.at(world_.now() + soon(100), [this, id] { look(id); });
      });
}

// Its open Map Run, if it has one, may run two children at once from now on; its first child is
// stopped by itself now and then.
void Kitchen::update(const std::string& id) {
  const std::string arn = core::execution_arn(machine_arn_, id);
  world_.request(
      core::keys_of_execution(arn),
      [this, arn](core::Core& core, RequestId request) {
        for (const core::MapRun* map_run : core.map_runs().list(arn)) {
          if (map_run->summary.status != run::MapRunStatus::Running) continue;
          const auto updated = core.map_runs().update(kCook, std::string{map_run->summary.arn}, 2,
                                                      std::nullopt, std::nullopt);
          PRESSO_ASSERT(updated.has_value());
          ++updates_;
          break;
        }
        core.reply(request, answer_with(nullptr));
      },
      [](const std::optional<core::Answer>&) {});
}

// The worker: one task after the other, each at its own pace. One that is lost on the way, because
// the process died after handing it over, runs out of its time.
void Kitchen::poll() {
  world_.request(
      {},
      [](core::Core& core, RequestId id) {
        core.activities().poll({id, kCashier, "worker"});
      },
      [this](const std::optional<core::Answer>& answer) {
        if (answer) {
          const auto task = parse_json(answer->body);
          PRESSO_ASSERT(task.has_value());
          work(text_at(*task, "taskToken"), text_at(*task, "input"));
        }
        poll();
      });
}

void Kitchen::work(const std::string& token, const std::string& input) {
  const std::uint64_t luck = below(20);
  if (luck == 0) return;
  if (luck == 1) return beat(token, 1 + static_cast<int>(below(4)), input);
  world_.at(world_.now() + soon(60), [this, token, luck, input] { tell(token, luck != 2, input); });
}

void Kitchen::beat(const std::string& token, int left, const std::string& output) {
  if (left == 0) return tell(token, true, output);
  world_.request(
      core::keys_of_token(token),
      [token](core::Core& core, RequestId id) {
        const auto heard = core.executions().heartbeat(token);
        core.reply(id, answer_with(heard ? nullptr : &heard.error()));
      },
      [](const std::optional<core::Answer>&) {});
  world_.at(world_.now() + soon(80),
            [this, token, left, output] { beat(token, left - 1, output); });
}

void Kitchen::tell(const std::string& token, bool is_success, const std::string& output) {
  world_.request(
      core::keys_of_token(token),
      [token, is_success, output](core::Core& core, RequestId id) {
        const auto told = is_success ? core.executions().succeed_task(token, output)
                                     : core.executions().fail_task(token, failure_named("Oops"));
        core.reply(id, answer_with(told ? nullptr : &told.error()));
      },
      [this, token, is_success, output](const std::optional<core::Answer>& answer) {
        if (!answer) tell(token, is_success, output);
      });
}

void Kitchen::fault(const std::string& id, const std::string& text) {
  if (faults_.size() < kFaultsTold) faults_.push_back(id + ": " + text);
}

std::vector<std::string> Kitchen::audit() {
  const auto disk = world_.store().disk();
  executions_ = disk.executions.size();
  for (const auto& [number, row] : disk.executions) {
    std::vector<run::Event> events;
    for (const core::HistoryRow& stored : world_.store().history(number)) {
      auto decoded = run::decode(stored.pack);
      PRESSO_ASSERT(decoded.has_value());
      for (run::Event& event : *decoded) events.push_back(std::move(event));
    }
    if (!run::is_terminal(row.status)) fault(row.name, "is still running at the end");
    const std::string wrong = test::fault_in(events);
    if (!wrong.empty()) fault(row.machine_arn + " " + row.name, wrong);
    coverage_.add(definition_, row, events);
  }
  for (const auto& [key, document] : disk.documents) {
    if (key.first != "map-run") continue;
    const auto map_run = parse_json(document);
    PRESSO_ASSERT(map_run.has_value());
    if (map_run->at("status") == 0) fault(key.second, "is an open Map Run");
  }
  for (const auto& [id, input] : orders_) audit_order(id, input);
  return faults_;
}

// What the machine is for, in a few lines that know nothing of machines.
void Kitchen::audit_order(const std::string& id, const Json& input) {
  const core::ExecutionRow row = row_of(id);
  if (row.status != run::Status::Succeeded) return fault(id, "has not succeeded");
  const auto events = run::decode(world_.store().history(row.number).back().pack);
  PRESSO_ASSERT(events.has_value());
  const auto* end = std::get_if<run::ExecutionSucceeded>(&events->back().detail);
  PRESSO_ASSERT(end != nullptr);
  const Json& output = end->output.value();
  if (output.at("cups") != input.at("cups")) fault(id, "has other cups");
  if (output.at("paid") != Json{{"paid", id}}) fault(id, "was paid by somebody else");
  if (output.at("rung") != "rung") fault(id, "was not rung for");
  const Json& baked = output.at("baked");
  const Json& items = input.at("items");
  if (baked.size() != items.size()) return fault(id, "has more or fewer cakes than were ordered");
  int burnt = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (baked[i].is_object()) ++burnt;
    const bool is_right = baked[i].is_object() || baked[i] == items[i].get<int>() * 10;
    if (!is_right) fault(id, "has another cake");
  }
  if (burnt > 1) fault(id, "has more burnt cakes than are tolerated");
}

}  // namespace presso::sim
