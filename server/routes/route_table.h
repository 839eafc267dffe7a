// RouteTable: the one place that says where a call goes.
//
//   RouteTable routes({.environment = environment, .lines = of_the_file, .functions = names});
//   if (auto route = routes.find(called_by("sqs", "sendMessage", parameters, caller), caller)) …
//
// The narrowest line that matches decides; of two that are equally narrow, that of the weightier
// source: told at run time, the file, a function that presso runs itself, the SDK's variables, Step
// Functions Local's. A call that no line is for has no route. All calls from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/caller.h"
#include "server/routes/route.h"

namespace presso::server {

// Where one call goes.
struct Route {
  DestinationKind kind = DestinationKind::Endpoint;  // never Forward
  std::string endpoint = {};                  // of Endpoint and Aws: a URL without / at its end
  std::string function = {};                  // of Function
  RouteLine line = {};                        // which decided
  std::shared_ptr<RouteGate> gate = nullptr;  // whose turn a call waits for
};

class RouteTable {
 public:
  struct Setup {
    std::map<std::string, std::string, std::less<>> environment;
    std::vector<RouteLine> lines = {};        // of the file
    std::vector<std::string> functions = {};  // names of those that presso runs itself
  };

  explicit RouteTable(Setup);

  [[nodiscard]] std::optional<Route> find(const Called&, const core::Caller&) const;
  // All that match, the one that decides first.
  [[nodiscard]] std::vector<RouteLine> candidates(const Called&) const;
  // Whether any line is for a resource: what a call names need not be known otherwise.
  [[nodiscard]] bool has_names() const;
  // All there are, narrow ones first.
  [[nodiscard]] std::vector<RouteLine> lines() const;

  // Of a line that is in the table.
  [[nodiscard]] RouteGate::Counts counts(const RouteLine&) const;

  // Where presso itself listens: from now on no line may lead there. Those that did are taken out
  // and given back.
  [[nodiscard]] std::vector<RouteLine> set_own(OwnAddress);
  [[nodiscard]] bool is_own(const RouteLine&) const;

  // Of the source RunTime; each replaces the one with the same text.
  void put(std::vector<RouteLine>);
  // That of this text, or all of the source RunTime. False: there was none.
  bool remove(const std::optional<std::string>& match);

 private:
  [[nodiscard]] std::shared_ptr<RouteGate> gate_of(const RouteLine&) const;

  // Guards the lines alone, for the time of a look at a few of them: calls begin on the core's
  // thread and on the I/O threads, and routes are told on the latter.
  mutable std::mutex mutex_;
  std::vector<RouteLine> lines_;  // ordered
  std::optional<OwnAddress> own_;
  // By source and text, so that a line that is told anew goes on counting.
  mutable std::map<std::pair<RouteSource, std::string>, std::shared_ptr<RouteGate>> gates_;
};

}  // namespace presso::server
