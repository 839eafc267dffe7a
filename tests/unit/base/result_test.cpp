#include "base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using presso::Error;
using presso::Result;

TEST_CASE("a result holds a value or an error") {
  const Result<std::string> good = std::string{"text"};
  CHECK(good.has_value());
  CHECK(*good == "text");
  CHECK(good->size() == 4);
  const Result<std::string> bad = Error{"InvalidArn", "Invalid Arn: 'x'"};
  CHECK_FALSE(bad);
  CHECK(bad.error().code == "InvalidArn");
}

TEST_CASE("a value can be moved out") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> owned = *std::move(result);
  CHECK(*owned == 7);
}

TEST_CASE("a result without a value is good until it holds an error") {
  CHECK(Result<void>{}.has_value());
  const Result<void> bad = Error{"Code", "message"};
  CHECK_FALSE(bad.has_value());
  CHECK(bad.error() == Error{"Code", "message"});
}
