// Env: what an evaluation may know of the world. The caller hands it in, so that the same inputs
// give the same answer.
#pragma once

#include "base/entropy.h"
#include "base/time.h"

namespace presso {

struct Env {
  Time now;
  Entropy* entropy =
      nullptr;  // borrowed; States.UUID and an unseeded States.MathRandom draw from it
};

}  // namespace presso
