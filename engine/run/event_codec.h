// Events ↔ the stored form of one step.
//
// A pack holds the texts that its events mention, each once, and the events with their fields by
// tag: a state that passes its input on costs its data once, not three times. Unknown tags are
// skipped, so an older presso reads a newer one's pack. Layout: docs/events.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/run/event.h"

namespace presso::run {

[[nodiscard]] std::string encode(std::span<const Event> events);

// Error code "CorruptHistory". JSON texts are trusted: they were written by encode.
[[nodiscard]] Result<std::vector<Event>> decode(std::string_view pack);

}  // namespace presso::run
