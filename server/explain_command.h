// `presso explain`: why an event matches a rule, or does not.
//
//   presso explain --pattern FILE --event FILE                          without a server
//   presso explain --event FILE [--bus NAME] [--rule NAME] [--endpoint URL]
//   presso explain --id EVENT-ID [--bus NAME] [--rule NAME] [--endpoint URL]
//
// Without a pattern a running server is asked (POST /_presso/explain), that of the endpoint or of
// http://127.0.0.1:4566. What is printed is JSON, as bus/explain.h and that page give it.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace presso::server {

// Arguments behind `explain`. The exit status: 0 for an answer, whatever it says, 1 for what cannot
// be read, is not valid or is refused, 2 for arguments that are not understood.
[[nodiscard]] int explain_command(std::span<const std::string> arguments, std::ostream& out,
                                  std::ostream& err);

}  // namespace presso::server
