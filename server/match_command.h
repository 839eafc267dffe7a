// `presso match DATA RULES SECONDS [SET…]`: how fast the bus's matcher is, alone and on one thread.
//
// DATA holds one event a line, gzipped or plain; RULES is {"sets": [{"name", "rules": [pattern…]}],
// "combinations": {name: [set…]}}. Each set's rules are put into one index and every line is
// matched from its text, parsing included, in whole passes until the seconds are over, at least
// two. Prints {"lines": n, "sets": {NAME: {"events_per_s_best_pass", "events_per_s_mean",
// "matches": [per rule]}}}.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace presso::server {

// Arguments behind `match`. The exit status: 1 for files that cannot be read or rules that are not
// valid, 2 for arguments that are not understood.
[[nodiscard]] int match_command(std::span<const std::string> arguments, std::ostream& out,
                                std::ostream& err);

}  // namespace presso::server
