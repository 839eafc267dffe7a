// Gives every variable its place, so that evaluation looks no name up: each scope that binds
// anything becomes a frame of slots, and a variable says how many frames up and which slot.
#pragma once

#include "lang/jsonata/program.h"

namespace presso::jsonata {

void resolve(Program& program, Purpose purpose);

}  // namespace presso::jsonata
