#include <doctest/doctest.h>

#include <array>

#include "server/metrics/exposition.h"
#include "server/metrics/request_metrics.h"

namespace presso::server {
namespace {

bool has_line(const std::string& text, const std::string& line) {
  return text.starts_with(line + "\n") || text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a histogram counts what is at most its bounds") {
  Histogram histogram;
  for (const std::uint64_t value : {0, 1, 2, 3, 4, 5, 1'000'000'000}) histogram.add(value);
  CHECK(histogram.in_bucket(0) == 2);
  CHECK(histogram.in_bucket(1) == 1);
  CHECK(histogram.in_bucket(2) == 2);
  CHECK(histogram.in_bucket(3) == 1);
  CHECK(histogram.in_bucket(Histogram::kBuckets) == 1);
  std::string text;
  const std::array<const Histogram*, 2> parts{&histogram, &histogram};
  write_histogram(text, "h", {{"a", "b"}}, parts, 0.5);
  CHECK(has_line(text, R"(h_bucket{a="b",le="0.5"} 4)"));
  CHECK(has_line(text, R"(h_bucket{a="b",le="1"} 6)"));
  CHECK(has_line(text, R"(h_bucket{a="b",le="2"} 10)"));
  CHECK(has_line(text, R"(h_bucket{a="b",le="8388608"} 12)"));
  CHECK(has_line(text, R"(h_bucket{a="b",le="+Inf"} 14)"));
  CHECK(has_line(text, R"(h_sum{a="b"} 1000000015)"));
  CHECK(has_line(text, R"(h_count{a="b"} 14)"));
}

TEST_CASE("labels are written so that they end where they end") {
  std::string text;
  write_family(text, "m", "gauge", "What it is.");
  write_sample(text, "m", {{"x", "a\"b\\c\nd"}, {"y", ""}}, std::uint64_t{7});
  write_sample(text, "m", {}, 0.25);
  CHECK(text ==
        "# HELP m What it is.\n# TYPE m gauge\n"
        "m{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 7\nm 0.25\n");
}

TEST_CASE("requests are counted by operation and status, over all workers") {
  RequestMetrics metrics{2};
  const auto start = metrics.label_of_target("AWSStepFunctions.StartExecution");
  CHECK(start != metrics.label_of_target("AWSEvents.PutEvents"));
  const auto unknown = RequestMetrics::label_of(RequestMetrics::Other::Unknown);
  CHECK(metrics.label_of_target("AWSEvents.StartExecution") == unknown);
  CHECK(metrics.label_of_target("") == unknown);
  metrics.add(0, start, 200, 10);
  metrics.add(1, start, 200, 3);
  metrics.add(1, start, 400, 3);
  metrics.add(0, unknown, 404, 1);
  std::string text;
  metrics.write(text);
  const std::string of = R"({service="states",operation="StartExecution",)";
  CHECK(has_line(text, "presso_requests_total" + of + R"(code="200"} 2)"));
  CHECK(has_line(text, "presso_requests_total" + of + R"(code="400"} 1)"));
  CHECK(has_line(text, R"(presso_requests_total{service="unknown",operation="",code="404"} 1)"));
  const std::string bucket = "presso_request_duration_seconds_bucket" + of;
  CHECK(has_line(text, bucket + R"(le="4e-06"} 2)"));
  CHECK(has_line(text, bucket + R"(le="1.6e-05"} 3)"));
  CHECK(text.find("PutEvents") == std::string::npos);
}

TEST_CASE("more statuses than there is room for are counted as one") {
  RequestMetrics metrics{1};
  const auto unknown = RequestMetrics::label_of(RequestMetrics::Other::Unknown);
  for (int status = 400; status < 430; ++status) metrics.add(0, unknown, status, 1);
  std::string text;
  metrics.write(text);
  CHECK(has_line(text, R"(presso_requests_total{service="unknown",operation="",code="429"} 19)"));
}

}  // namespace presso::server
