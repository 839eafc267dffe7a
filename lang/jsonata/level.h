// Level: one more level of something nested, for as long as it lives. Beyond the bound it throws
// U1001.
#pragma once

#include <cstddef>

#include "lang/jsonata/errors.h"

namespace presso::jsonata {

class Level {
 public:
  Level(std::size_t& depth, std::size_t max_depth) : depth_{depth} {
    if (depth_ >= max_depth) throw over_limit("depth");
    ++depth_;
  }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  ~Level() { --depth_; }

 private:
  std::size_t& depth_;
};

}  // namespace presso::jsonata
