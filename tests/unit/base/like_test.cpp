#include "base/like.h"

#include <doctest/doctest.h>

#include <string>

using presso::is_like;

TEST_CASE("a star stands for any text, the empty one too") {
  CHECK(is_like("", ""));
  CHECK(is_like("*", ""));
  CHECK(is_like("**", "ab"));
  CHECK(is_like("jobs-*", "jobs-"));
  CHECK(is_like("jobs-*", "jobs-1"));
  CHECK(is_like("*-*-b", "a-b-a-b"));
  CHECK(is_like("arn:aws:sqs:*:*:jobs", "arn:aws:sqs:us-east-1:000000000000:jobs"));
  CHECK_FALSE(is_like("", "a"));
  CHECK_FALSE(is_like("jobs", "jobs-1"));
  CHECK_FALSE(is_like("jobs-*", "job-1"));
  CHECK_FALSE(is_like("*a", "ab"));
}

TEST_CASE("many stars take no more than the lengths' product") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK_FALSE(is_like(pattern + "b", std::string(20'000, 'a')));
}
