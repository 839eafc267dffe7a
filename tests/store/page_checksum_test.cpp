#include "server/store/page_checksum.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace presso::test {
namespace {

using server::is_page_sound;
using server::seal_page;
using Page = std::vector<std::byte>;

Page random_page(std::size_t size, std::mt19937_64& random) {
  Page page(size);
  for (std::byte& each : page) each = static_cast<std::byte>(random());
  return page;
}

TEST_CASE("a page is sound with its number, and with no other") {
  std::mt19937_64 random{1};
  for (const std::size_t size : {512, 4'096, 65'536}) {
    Page page = random_page(size, random);
    CHECK_FALSE(is_page_sound(page, 7));
    seal_page(page, 7);
    CHECK(is_page_sound(page, 7));
    CHECK_FALSE(is_page_sound(page, 8));
    CHECK_FALSE(is_page_sound(page, 0));
  }
}

TEST_CASE("a page of one byte alone, as a disk leaves it, is not sound") {
  for (int value = 0; value < 256; ++value) {
    CHECK_FALSE(is_page_sound(Page(4'096, static_cast<std::byte>(value)), 7));
  }
}

TEST_CASE("each bit of a page counts, and any two") {
  std::mt19937_64 random{2};
  Page page = random_page(4'096, random);
  seal_page(page, 3);
  const auto flip = [&](std::size_t bit) {
    page[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
  };
  std::size_t unseen = 0;
  for (std::size_t bit = 0; bit < page.size() * 8; ++bit) {
    flip(bit);
    if (is_page_sound(page, 3)) ++unseen;
    flip(bit);
  }
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t first = random() % (page.size() * 8);
    const std::size_t second = (first + 1 + random() % (page.size() * 8 - 1)) % (page.size() * 8);
    flip(first);
    flip(second);
    if (is_page_sound(page, 3)) ++unseen;
    flip(first);
    flip(second);
  }
  // The highest bits of neighbours would cancel each other out without the rotation.
  for (std::size_t word = 0; word + 4 < page.size() / 8; ++word) {
    flip(word * 64 + 63);
    flip(word * 64 + 63 + 256);
    if (is_page_sound(page, 3)) ++unseen;
    flip(word * 64 + 63);
    flip(word * 64 + 63 + 256);
  }
  CHECK(unseen == 0);
}

TEST_CASE("sectors that changed places are found") {
  std::mt19937_64 random{3};
  Page page = random_page(4'096, random);
  seal_page(page, 3);
  std::swap_ranges(page.begin(), page.begin() + 512, page.begin() + 1'024);
  CHECK_FALSE(is_page_sound(page, 3));
}

}  // namespace
}  // namespace presso::test
