// Every operation of EventBridge and its Scheduler with everything that its shape says may be
// wrong: what a request asks for is not looked at before its form is right, so any values of the
// right form will do.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include "api/operation.h"
#include "api/scheduler/rest.h"
#include "tests/unit/api/mistakes.h"
#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

Json some(const api::Shape& shape);

// As it stands in a JSON text.
std::string escaped(const std::string& text) {
  const std::string quoted = dump_json(Json(text));
  return quoted.substr(1, quoted.size() - 2);
}

Json some(const api::Type& type, const api::Constraint& rule) {
  switch (type.kind) {
    case api::Kind::Text: {
      if (!rule.values.empty()) return Json(rule.values.front());
      return Json(std::string(
          static_cast<std::size_t>(std::max<std::int64_t>(rule.min.value_or(1), 1)), 'x'));
    }
    case api::Kind::Boolean: return Json(true);
    case api::Kind::Integer:
    case api::Kind::Number: return Json(rule.min.value_or(1));
    case api::Kind::Time: return Json(1'700'000'000);
    case api::Kind::List:
      return Json::array({some(*type.item, rule.item != nullptr ? *rule.item : api::Constraint{})});
    case api::Kind::Map:
      return Json{{"key", some(*type.item, rule.item != nullptr ? *rule.item : api::Constraint{})}};
    case api::Kind::Structure: return some(*type.shape);
    case api::Kind::Document: return Json::object();
  }
  return {};
}

// With every member there is.
Json some(const api::Shape& shape) {
  Json value = Json::object();
  for (const api::Member& member : shape.members) {
    value[std::string{member.name}] = some(*member.type, member.constraint);
  }
  return value;
}

// How many mistakes there are to make.
std::size_t make_mistakes(std::span<const api::Operation> operations) {
  World world;
  std::size_t count = 0;
  for (const api::Operation& operation : operations) {
    for (const Mistake& mistake : Mistakes{some(*operation.request)}.of(*operation.request)) {
      const core::Answer answer = world.run(operation.prepare(mistake.request, core::Caller{}));
      ++count;
      CHECK_MESSAGE(answer.error_code == mistake.code,
                    operation.name << " with " << dump_json(mistake.request).substr(0, 300) << "\n"
                                   << answer.body.substr(0, 300));
      CHECK_MESSAGE(
          answer.body.find(escaped(mistake.told)) != std::string::npos,
          operation.name << ": no \"" << mistake.told << "\" in " << answer.body.substr(0, 600));
    }
  }
  return count;
}

}  // namespace

TEST_CASE("EventBridge refuses what is missing, of another type or out of bounds everywhere") {
  const auto all = api::operations(api::Service::EventBridge);
  CHECK(all.size() == 57);
  CHECK(make_mistakes(all) > 1'000);
}

TEST_CASE("the Scheduler refuses what is missing, of another type or out of bounds everywhere") {
  const auto all = api::scheduler::operations();
  CHECK(all.size() == 12);
  CHECK(make_mistakes(all) > 100);
}

}  // namespace presso::test
