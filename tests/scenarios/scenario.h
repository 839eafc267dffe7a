// Scenarios: what happens to one execution at which virtual time, and the whole history expected.
//
// A *.scn file holds any number of them. A line that begins in the first column names a part, the
// indented lines below are its content; `#` in the first column begins a comment.
//
//   scenario a missed heartbeat is a time-out       a sentence about behaviour: the test's name
//   definition                                      JSON; left out: as in the scenario before,
//     {"StartAt": "Ask", "States": {…}}             with its input
//   input                                           JSON; left out after a definition: {}
//     {"order": 1}
//   happens                                         in order; times count from the start
//     +0s   call Ask succeeds {"MessageId": "1"}    the call that the task made is answered
//     +0s   call Ask fails Lambda.Unknown Text…     …or fails: error, cause; `-` for no error
//     +10s  task Ask succeeds {"ok": true}          SendTaskSuccess, a worker or a job that ended
//     +10s  task Ask fails - Text…                  SendTaskFailure
//     +5m   task Ask heartbeat
//     +1s   task Ask taken worker-1                 an activity's worker took it
//     +1s   task #5 succeeds {}                     the attempt that event 5 scheduled, if any
//     +1s   task Ask[2] heartbeat                   in the iteration or branch with that index
//     +1s   call Each succeeds {…}                  ItemReader's or ResultWriter's call
//     +1s   child Each[0] succeeds {…}              a child of a Map Run has ended
//     +1s   child Each[1] fails Error Cause…        …or times-out, or aborts
//     +1s   limits Each 2 1 -                       UpdateMapRun: children at once, failures
//                                                   tolerated, percent of them; `-` for none
//     +1s   stop Error Cause…
//     +1s   redrive
//     +1h                                           nothing but time; deadlines fire on the way
//     next                                          the earliest deadline, whenever that is
//     +1h   restart                                 go on with what a fold of the store gives
//   expect
//     1 0 +0s ExecutionStarted {"input":{},…}       id, previous id, time, type, details
//     > +0s run Ask #3 {…}                          what the core is asked for, after each step
//     = RUNNING until +300s                         the end: status, and output or error and cause
//
// Details are as GetExecutionHistory shows them, but: inputDetails and their like are left out when
// they say {"truncated":false}, a text that is a compact JSON object or array is shown as that, a
// task token is shown as <token #n>, n being the event that scheduled the task, and a Map Run's ARN
// as <map run #n>.
//
// PRESSO_UPDATE=1 writes what came out into the files; review the difference like code.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace presso::test {

struct Scenario {
  std::string name;
  std::string definition;
  std::string input = "{}";
  std::vector<std::string> happenings;
  std::vector<std::string> expected;
  std::size_t expected_begin = 0;  // the lines of the file after `expect`
  std::size_t expected_end = 0;
};

// Error code "BadScenario", with the line.
[[nodiscard]] Result<std::vector<Scenario>> parse_scenarios(std::string_view text);

// The lines under `expect` as they are. After each step it is checked that what was stored folds to
// the live execution; a broken rule comes as a line that begins with `!`.
[[nodiscard]] Result<std::vector<std::string>> play(const Scenario&);

}  // namespace presso::test
