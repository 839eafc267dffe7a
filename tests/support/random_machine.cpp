#include "tests/support/random_machine.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace presso::test {
namespace {

constexpr std::string_view kAccount = "arn:aws:states:us-east-1:000000000000:activity:";

// Where a row is: how many rows may be within its states, and in whose execution it runs.
struct Place {
  int depth = 0;
  bool is_express = false;
  bool is_machine = true;  // the execution is the machine's own, not a child of a Map Run
};

class MachineMaker {
 public:
  MachineMaker(Entropy& entropy, RandomMachineOptions options)
      : entropy_{entropy}, options_{options} {}

  RandomMachine make() {
    RandomMachine made;
    Json machine = row({.depth = 2}, 1 + below(5));
    if (options_.can_survive_failures && below(12) == 0) machine["TimeoutSeconds"] = 40;
    made.definition = dump_json(machine);
    made.input = dump_json(Json{{"items", {1, 2, 3}}, {"flag", below(2) == 0}, {"n", below(9)}});
    made.activities = std::move(activities_);
    made.has_timeouts = options_.can_survive_failures;
    return made;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return next_below(entropy_, bound); }
  bool is_one_in(std::uint64_t count) { return below(count) == 0; }
  std::string name_next() { return "S" + std::to_string(count_++); }

  // Jumps lead forward only, so that every run ends.
  Json row(Place place, std::uint64_t length) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < length; ++i) names.push_back(name_next());
    const std::size_t known = variables_.size();
    Json states = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::vector<std::string> later(names.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                           names.end());
      add(states, place, names[i], later);
    }
    variables_.resize(known);  // those of a branch are its own
    return Json{{"StartAt", names.front()}, {"States", std::move(states)}};
  }

  void add(Json& states, Place place, const std::string& name,
           const std::vector<std::string>& later) {
    if (!later.empty() && is_one_in(7)) {
      states[name] = choice(states, later);
      return;
    }
    Json state = plain(place, name);
    if (later.empty()) {
      state["End"] = true;
    } else {
      state["Next"] = later.front();
    }
    const std::string type = state["Type"].get<std::string>();
    if (type == "Task" || type == "Parallel" || type == "Map") cope(state, later);
    states[name] = std::move(state);
  }

  // A variable that not every way assigns would be one that is not there.
  Json choice(Json& states, const std::vector<std::string>& later) {
    const auto somewhere = [&] { return later[below(later.size())]; };
    Json made{{"Type", "Choice"}};
    Json rule{{"Variable", "$$.Execution.Id"}, {"IsPresent", is_one_in(2)}};
    rule["Next"] = later.front();
    made["Choices"] = Json::array({std::move(rule)});
    if (options_.can_survive_failures && is_one_in(4)) {
      const std::string bad = name_next();
      states[bad] = Json{{"Type", "Fail"}, {"Error", "Chosen"}, {"Cause", bad}};
      made["Default"] = bad;
    } else {
      made["Default"] = options_.can_survive_failures ? somewhere() : later.front();
    }
    return made;
  }

  // Retry and Catch.
  void cope(Json& state, const std::vector<std::string>& later) {
    if (is_one_in(3)) {
      Json retrier{{"ErrorEquals", {is_one_in(2) ? "States.ALL" : "Oops"}}};
      retrier["IntervalSeconds"] = 1 + below(4);
      retrier["MaxAttempts"] = 1 + below(2);
      retrier["BackoffRate"] = 1 + below(2);
      state["Retry"] = Json::array({std::move(retrier)});
    }
    if (!options_.can_survive_failures || later.empty() || !is_one_in(3)) return;
    state["Catch"] = Json::array({Json{{"ErrorEquals", {is_one_in(3) ? "Oops" : "States.ALL"}},
                                       {"Next", later[below(later.size())]}}});
  }

  Json plain(Place place, const std::string& name) {
    switch (below(place.depth > 0 ? 12 : 7)) {
      case 0: return Json{{"Type", "Wait"}, {"Seconds", 1 + below(9)}};
      case 1: return pass(name);
      case 2:
        return Json{{"Type", "Pass"},
                    {"QueryLanguage", "JSONata"},
                    {"Output", {{"by", name}, {"in", "{% $states.input %}"}}}};
      case 7:
      case 8: return parallel(place);
      case 9: return map(place);
      case 10:
      case 11:
        if (options_.has_distributed_maps && !place.is_express) return distributed(place, name);
        return map(place);
      default: return task(place, name);
    }
  }

  // Shows the variable that was assigned last, and assigns one where every way leads through here.
  Json pass(const std::string& name) {
    Json made{{"Type", "Pass"}, {"Parameters", {{"from", name}, {"in.$", "$"}}}};
    if (options_.can_survive_failures) return made;
    if (!variables_.empty()) made["Parameters"]["kept.$"] = "$" + variables_.back();
    variables_.push_back("v" + name);
    made["Assign"] = Json{{variables_.back() + ".$", "$"}};
    return made;
  }

  Json task(Place place, const std::string& name) {
    Json made{{"Type", "Task"}};
    const std::uint64_t kind = below(place.is_express ? 2 : 4);
    if (kind == 0) {
      made["Resource"] = "arn:aws:states:::lambda:invoke";
      made["Parameters"] = Json{{"FunctionName", name}, {"Payload.$", "$"}};
    } else if (kind == 3) {
      made["Resource"] = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
      made["Parameters"] =
          Json{{"QueueUrl", name}, {"MessageBody", {{"in.$", "$"}, {"token.$", "$$.Task.Token"}}}};
    } else {
      made["Resource"] = "arn:aws:lambda:us-east-1:000000000000:function:f";
      made["Parameters"] = Json{{"by", name}, {"in.$", "$"}};
    }
    if (kind == 2) {
      activities_.insert(name);
      made["Resource"] = std::string{kAccount} + name;
    }
    if (options_.can_survive_failures) {
      made["TimeoutSeconds"] = kRandomTimeoutSeconds;
      if (kind > 1 && is_one_in(2)) made["HeartbeatSeconds"] = kRandomTimeoutSeconds / 2;
    }
    return made;
  }

  Json parallel(Place place) {
    --place.depth;
    Json branches = Json::array();
    for (auto left = 1 + below(3); left > 0; --left) branches.push_back(row(place, 1 + below(2)));
    return Json{{"Type", "Parallel"}, {"Branches", std::move(branches)}};
  }

  // Items that are there, whatever the input is.
  void give_items(Json& map, const Place& place) {
    if (place.is_machine && is_one_in(2)) {
      map["ItemsPath"] = "$$.Execution.Input.items";
      if (is_one_in(2)) {
        map["ItemSelector"] = Json{{"v.$", "$$.Map.Item.Value"}, {"at.$", "$$.Map.Item.Index"}};
      }
      return;
    }
    map["QueryLanguage"] = "JSONata";
    Json items = Json::array();
    for (auto left = below(4); left > 0; --left) items.push_back(below(100));
    map["Items"] = std::move(items);
  }

  Json map(Place place) {
    Json made{{"Type", "Map"}, {"MaxConcurrency", below(3)}};
    give_items(made, place);
    --place.depth;
    made["ItemProcessor"] = row(place, 1 + below(2));
    return made;
  }

  Json distributed(Place place, const std::string& name) {
    Json made{{"Type", "Map"}, {"Label", name}, {"MaxConcurrency", below(4)}};
    if (is_one_in(4)) {
      made["ItemReader"] = Json{{"Resource", "arn:aws:states:::s3:getObject"},
                                {"ReaderConfig", {{"InputType", "JSON"}}},
                                {"Parameters", {{"Bucket", "in"}, {"Key", name}}}};
    } else {
      give_items(made, place);
    }
    const bool is_jsonata = made.contains("QueryLanguage");
    if (is_one_in(4)) made["ItemBatcher"] = Json{{"MaxItemsPerBatch", 2}};
    if (is_one_in(4)) {
      made["ResultWriter"] =
          Json{{"Resource", "arn:aws:states:::s3:putObject"},
               {is_jsonata ? "Arguments" : "Parameters", {{"Bucket", "out"}, {"Prefix", name}}}};
    }
    if (options_.can_survive_failures && is_one_in(2)) {
      made[is_one_in(2) ? "ToleratedFailureCount" : "ToleratedFailurePercentage"] = 1 + below(60);
    }
    const bool is_express = options_.has_express_children && is_one_in(3);
    const std::size_t known = variables_.size();
    std::vector<std::string> outer;
    std::swap(outer, variables_);  // a child knows none of its parent's
    Json processor = row({.depth = place.depth - 1, .is_express = is_express, .is_machine = false},
                         1 + below(2));
    std::swap(outer, variables_);
    variables_.resize(known);
    processor["ProcessorConfig"] =
        Json{{"Mode", "DISTRIBUTED"}, {"ExecutionType", is_express ? "EXPRESS" : "STANDARD"}};
    made["ItemProcessor"] = std::move(processor);
    return made;
  }

  Entropy& entropy_;
  RandomMachineOptions options_;
  std::uint64_t count_ = 0;
  std::vector<std::string> variables_;
  std::set<std::string> activities_;
};

}  // namespace

RandomMachine random_machine(Entropy& entropy, RandomMachineOptions options) {
  return MachineMaker{entropy, options}.make();
}

}  // namespace presso::test
