// One line of the route table: which calls it is for, and where they go.
//
//   arn:aws:sqs:*:*:jobs-*     an ARN; * stands for anything
//   queue jobs-*               by the name of a function, queue, topic, table, bucket, stream, …
//   lambda:invoke              one action of a service
//   dynamodb                   a service
//   *                          everything
//
// A destination is the URL of an endpoint, `function NAME` (a function that presso runs itself),
// `mock` (only mocks answer), `aws` (real AWS) or `forward` (where the call would go without the
// line, for exceptions from a wider one).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "server/routes/gate.h"

namespace presso::server {

// What a call or a resource is called. Whatever is not known is empty.
struct Called {
  std::string service;  // of service_key
  std::string action = {};
  std::string arn = {};
  std::string kind = {};  // "queue"
  std::string name = {};  // "jobs"
};

// Of a call by its parameters, JSON text.
[[nodiscard]] Called called_by(std::string_view service, std::string_view action,
                               const std::string& parameters, const core::Caller&);
// Of a resource by its ARN or a function's name. No service: the text is neither.
[[nodiscard]] Called called_at(std::string_view arn);
[[nodiscard]] Called called_function(std::string_view name_or_arn, const core::Caller&);

enum class MatchKind { Everything, Service, Action, Name, Arn };  // from wide to narrow

struct RouteMatch {
  MatchKind kind = MatchKind::Everything;
  std::string text;          // as it was written
  std::string service = {};  // of Service, Action and Name
  std::string noun = {};     // of Name: "queue"
  std::string pattern = {};  // of Action, Name and Arn

  [[nodiscard]] bool matches(const Called&) const;
  // Of two that match one call, whether this is the narrower one.
  [[nodiscard]] bool is_narrower_than(const RouteMatch&) const;

  friend bool operator==(const RouteMatch&, const RouteMatch&) = default;
};
// Error: what is wrong, without a place.
[[nodiscard]] Result<RouteMatch> parse_route_match(std::string_view text);

enum class DestinationKind { Endpoint, Function, Mock, Aws, Forward };

struct Destination {
  DestinationKind kind = DestinationKind::Endpoint;
  std::string value = {};  // the URL without a / at its end, or the function's name

  friend bool operator==(const Destination&, const Destination&) = default;
};
[[nodiscard]] Result<Destination> parse_destination(std::string_view text);
[[nodiscard]] std::string to_string(const Destination&);

// From weighty to light.
enum class RouteSource { RunTime, File, Functions, Sdk, StepFunctionsLocal };

// What a line says beside its destination.
struct RouteLimits {
  std::size_t max_in_flight = kMaxInFlight;  // calls at a time; the rest waits in order
  std::optional<Duration> timeout =
      std::nullopt;  // for an answer; none: what is usual for the call
  std::optional<int> max_attempts = std::nullopt;  // of a task's call; none: the same

  friend bool operator==(const RouteLimits&, const RouteLimits&) = default;
};
// "max_in_flight", "timeout" in seconds, and "max_attempts". Error: what is wrong, without a place.
[[nodiscard]] Result<void> set_route_limit(RouteLimits&, std::string_view name, double value);

struct RouteLine {
  RouteMatch match;
  Destination to;
  RouteLimits limits = {};
  RouteSource source = RouteSource::File;
  std::string where;  // "presso.yaml:4", "AWS_ENDPOINT_URL_SQS", "/_presso/routes"

  friend bool operator==(const RouteLine&, const RouteLine&) = default;
};
// The address that presso itself listens on, and whether a line leads there.
struct OwnAddress {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] bool leads_to(const RouteLine&, const OwnAddress&);

// A line of its two texts; what does not go together is refused.
[[nodiscard]] Result<RouteLine> parse_route_line(std::string_view match, std::string_view to);

}  // namespace presso::server
