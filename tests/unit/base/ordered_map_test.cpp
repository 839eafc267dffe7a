#include "base/ordered_map.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json.h"

using presso::Json;
using Object = Json::object_t;

namespace {

std::string name_of(std::size_t i) { return "member-" + std::to_string(i); }

Object object_of(std::size_t size) {
  Object object;
  for (std::size_t i = 0; i < size; ++i) object[name_of(i)] = i;
  return object;
}

std::vector<std::string> names_of(const Object& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object) names.push_back(name);
  return names;
}

// The slow obvious way: the members as a list.
using Model = std::vector<std::pair<std::string, std::uint64_t>>;

bool is_same(const Object& object, const Model& model) {
  if (object.size() != model.size()) return false;
  for (std::size_t i = 0; i < model.size(); ++i) {
    const auto& [name, value] = *(object.begin() + static_cast<std::ptrdiff_t>(i));
    if (name != model[i].first || value != model[i].second) return false;
    const auto found = object.find(name);
    if (found == object.end() || found->second != model[i].second) return false;
  }
  return true;
}

auto find_in(Model& model, const std::string& name) {
  auto it = model.begin();
  while (it != model.end() && it->first != name) ++it;
  return it;
}

}  // namespace

TEST_CASE("members keep the order in which they came") {
  Object object;
  object["zebra"] = 1;
  object["apple"] = 2;
  object["mango"] = 3;
  object["apple"] = 4;
  CHECK(names_of(object) == std::vector<std::string>{"zebra", "apple", "mango"});
  CHECK(object.at("apple") == 4);
}

TEST_CASE("members are found on both sides of the size from which they are indexed") {
  for (const std::size_t size : {0, 1, 4, 15, 16, 17, 31, 32, 33, 64, 1000}) {
    CAPTURE(size);
    const Object object = object_of(size);
    CHECK(object.size() == size);
    for (std::size_t i = 0; i < size; ++i) {
      CHECK(object.count(name_of(i)) == 1);
      CHECK(object.at(name_of(i)) == i);
    }
    CHECK(object.find("absent") == object.end());
    CHECK(object.count("") == 0);
  }
}

TEST_CASE("a member that is there is not replaced by emplace or insert") {
  for (const std::size_t size : {1, 40}) {
    Object object = object_of(size);
    const auto [it, is_new] = object.emplace(name_of(0), Json("other"));
    CHECK_FALSE(is_new);
    CHECK(it->second == 0);
    CHECK_FALSE(object.insert({name_of(0), Json("other")}).second);
    CHECK(object.size() == size);
  }
}

TEST_CASE("a copied member is inserted as it is, not wrapped in an array") {
  const Object::value_type member{"a", Json("text")};
  Object object;
  CHECK(object.insert(member).second);
  CHECK(object.at("a") == "text");
  const Object listed{{"x", Json(1)}, {"y", Json::object()}, {"x", Json(2)}};
  CHECK(listed.size() == 2);
  CHECK(listed.at("x") == 1);
  CHECK(listed.at("y").is_object());
}

TEST_CASE("erase keeps the order and the index of what remains") {
  for (const std::size_t size : {3, 16, 17, 40}) {
    CAPTURE(size);
    Object object = object_of(size);
    CHECK(object.erase(name_of(1)) == 1);
    CHECK(object.erase(name_of(1)) == 0);
    CHECK(object.size() == size - 1);
    CHECK(object.find(name_of(1)) == object.end());
    for (std::size_t i = 2; i < size; ++i) CHECK(object.at(name_of(i)) == i);
    object[name_of(1)] = "again";
    CHECK(std::prev(object.end())->first == name_of(1));
  }
}

TEST_CASE("a range is erased at the beginning, in the middle and at the end") {
  for (const std::ptrdiff_t first : {0, 10, 25}) {
    Object object = object_of(30);
    const auto next = object.erase(object.begin() + first, object.begin() + first + 5);
    CHECK(next - object.begin() == first);
    CHECK(object.size() == 25);
    CHECK(object.count(name_of(static_cast<std::size_t>(first))) == 0);
    for (const auto& [name, value] : object) CHECK(object.at(name) == value);
  }
  Object object = object_of(20);
  CHECK(object.erase(object.begin(), object.begin()) == object.begin());
  CHECK(object.size() == 20);
  object.erase(object.begin(), object.end());
  CHECK(object.empty());
  object["a"] = 1;
  CHECK(object.at("a") == 1);
}

TEST_CASE("two objects are equal whatever the order of their members") {
  for (const std::size_t size : {2, 15, 16, 50}) {
    CAPTURE(size);
    const Object forward = object_of(size);
    Object backward;
    for (std::size_t i = size; i > 0; --i) backward[name_of(i - 1)] = i - 1;
    CHECK(forward == backward);
    CHECK(Json(forward) == Json(backward));
    backward[name_of(0)] = "other";
    CHECK(forward != backward);
    backward.erase(name_of(0));
    CHECK(forward != backward);
    backward["not in the other"] = 0;
    CHECK(forward != backward);
  }
}

TEST_CASE("copies are independent and moves leave nothing behind") {
  for (const std::size_t size : {3, 40}) {
    Object original = object_of(size);
    Object copy = original;
    copy[name_of(0)] = "changed";
    copy["new"] = 1;
    CHECK(original.at(name_of(0)) == 0);
    CHECK(original.count("new") == 0);
    const Object moved = std::move(original);
    CHECK(moved == object_of(size));
    Object assigned;
    assigned["old"] = 1;
    assigned = moved;
    CHECK(assigned == moved);
    CHECK(assigned.count("old") == 0);
    assigned.swap(copy);
    CHECK(assigned.count("new") == 1);
    CHECK(copy.count("new") == 0);
  }
}

TEST_CASE("a map that was moved from or cleared can be filled again") {
  Object object = object_of(40);
  const Object moved = std::move(object);
  object.clear();
  object["a"] = 1;
  CHECK(object.at("a") == 1);
  CHECK(object.count(name_of(3)) == 0);
  CHECK(moved.size() == 40);
}

TEST_CASE("at refuses a name that is absent") {
  Object object = object_of(2);
  CHECK_THROWS_AS(object.at("absent"), std::out_of_range);
  CHECK_THROWS_AS(static_cast<const Object&>(object).at("absent"), std::out_of_range);
}

TEST_CASE("values stay what they are while the map grows") {
  Object object;
  for (std::size_t i = 0; i < 200; ++i) {
    object[name_of(i)] = Json::array({i, Json::object({{"deep", name_of(i)}})});
  }
  for (std::size_t i = 0; i < 200; ++i) CHECK(object.at(name_of(i))[1]["deep"] == name_of(i));
}

TEST_CASE("any sequence of writes and removals agrees with a plain list") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    presso::SeededEntropy entropy{seed};
    Object object;
    Model model;
    for (int i = 0; i < 400; ++i) {
      const std::string name = name_of(presso::next_below(entropy, 60));
      const auto it = find_in(model, name);
      if (presso::next_below(entropy, 3) == 0) {
        CHECK(object.erase(name) == (it == model.end() ? 0 : 1));
        if (it != model.end()) model.erase(it);
        continue;
      }
      const std::uint64_t value = entropy.next();
      object[name] = value;
      if (it == model.end()) {
        model.emplace_back(name, value);
      } else {
        it->second = value;
      }
    }
    CHECK(is_same(object, model));
  }
}
