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
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/caller.h"
#include "server/routes/route.h"

namespace presso::server {

// Where one call goes.
struct Route {
  DestinationKind kind = DestinationKind::Endpoint;  // never Forward
  std::string endpoint = {};  // of Endpoint and Aws: a URL without / at its end
  std::string function = {};  // of Function
  RouteLine line = {};        // which decided
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
  // All there are, narrow ones first.
  [[nodiscard]] std::vector<RouteLine> lines() const;

  // Of the source RunTime; each replaces the one with the same text.
  void put(std::vector<RouteLine>);
  // That of this text, or all of the source RunTime. False: there was none.
  bool remove(const std::optional<std::string>& match);

 private:
  // Guards the lines alone, for the time of a look at a few of them: calls begin on the core's
  // thread and on the I/O threads, and routes are told on the latter.
  mutable std::mutex mutex_;
  std::vector<RouteLine> lines_;  // ordered
};

}  // namespace presso::server
