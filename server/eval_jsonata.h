// `presso eval-jsonata`: JSONata from the command line.
//
// Without an expression it reads JSON lines and answers each with one line, flushed at once, until
// the end of the file:
//
//   {"expr": "a.b", "data": {…}, "bindings": {"x": 1}, "timelimit": ms, "depth": n, "repeat": n}
//   {"result": …}   {"undefined": true}   {"error": {"code": …, "message": …, "token": …,
//   "position": …}}
//
// Everything but `expr` may be absent; without `data` the input is undefined. With `repeat` the
// expression is compiled once and evaluated so many times, and the answer also tells `ns`, the mean
// of one evaluation, and `compile_ns`.
//
// With an expression it evaluates that one on the JSON that comes in, if any, and prints what it
// gives; 1 is the exit status of an error.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "lang/jsonata/jsonata.h"

namespace presso::server {

// The answer to one request line, without its line end.
[[nodiscard]] std::string answer_jsonata(std::string_view line, jsonata::Dialect dialect);

// Arguments behind `eval-jsonata`. The exit status.
[[nodiscard]] int eval_jsonata(std::span<const std::string> arguments, std::istream& in,
                               std::ostream& out, std::ostream& err);

}  // namespace presso::server
