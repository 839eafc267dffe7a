// Numbers that bound a turn, with their reasons.
#pragma once

#include <cstddef>

#include "base/time.h"

namespace presso::core {

// Deadlines fired in one turn: as many as a turn takes inputs, so that neither starves the other.
inline constexpr std::size_t kDuePerTurn = 256;
// Entries of the queue inside a turn. A rule loop slows itself down, not the process.
inline constexpr std::size_t kWorkPerTurn = 1'000;
// Steps that go on in a turn after they reached run::kTransitionsPerStep: 16,000 transitions keep a
// turn well under the time a client notices.
inline constexpr std::size_t kContinuedPerTurn = 16;

// AWS: what an Express execution may last.
inline constexpr Duration kExpressTime = seconds(300);
// AWS: what any execution may last, from its first start on.
inline constexpr Duration kExecutionTime = seconds(365 * 86'400);
// AWS: how long after its end an execution may be redriven.
inline constexpr Duration kRedrivablePeriod = seconds(14 * 86'400);
// AWS: a client token of a redrive is known so long, and no more of them are.
inline constexpr Duration kRedriveTokenTime = seconds(15 * 60);
inline constexpr std::size_t kRedriveTokens = 10;

// AWS: how long a closed execution is kept.
inline constexpr Duration kRetention = seconds(90 * 86'400);
// Executions looked at for it in one turn: as many as one takes inputs, so that with a short
// retention what goes keeps pace with what comes.
inline constexpr std::size_t kScannedPerTurn = 256;
// Between two looks at those that are too young or run for longer. Nobody minds a thousandth.
inline constexpr int kSweepsPerRetention = 1'000;
inline constexpr Duration kShortestPause = seconds(1);

}  // namespace presso::core
