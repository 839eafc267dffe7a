// The regular expressions of the services' models, as texts and as what they mean.
//
// A text must match as a whole. Each predicate is written by hand: the expressions are few and
// simple, several hold what only Java or PCRE know (\p{ASCII}, look-ahead), and one backtracks
// exponentially in engines that do.
#pragma once

#include <string_view>

namespace presso::api {

struct Pattern {
  std::string_view text;  // as the model has it
  bool (*matches)(std::string_view);
};

extern const Pattern kAscii;            // \p{ASCII}*
extern const Pattern kNamePattern;      // [\.\-_A-Za-z0-9]+
extern const Pattern kBusName;          // [/\.\-_A-Za-z0-9]+
extern const Pattern kBusNameOrArn;     // (arn:aws[\w-]*:events:…:event-bus\/)?[/\.\-_A-Za-z0-9]+
extern const Pattern kEntryBusName;     // the same, without a slash in the name
extern const Pattern kPartnerSource;    // aws\.partner(/[\.\-_A-Za-z0-9]+){2,}
extern const Pattern kKmsKey;           // ^[a-zA-Z0-9_\-/:]*$
extern const Pattern kEndpointId;       // ^[A-Za-z0-9\-]+[\.][A-Za-z0-9\-]+$
extern const Pattern kTransformerKey;   // [A-Za-z0-9\_\-]+
extern const Pattern kNotBlank;         // ^(?!\s*$).+
extern const Pattern kHeaderName;       // ^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$
extern const Pattern kHeaderValue;      // ^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$
extern const Pattern kQueryName;        // [^\x00-\x1F\x7F]+
extern const Pattern kQueryValue;       // [^\x00-\x09\x0B\x0C\x0E-\x1F\x7F]+
extern const Pattern kSecretArnOrPath;  // (^arn:aws…:secretsmanager:…)|(\$(\.[\w_-]+…)*)
extern const Pattern kRunCommandKey;    // ^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$
extern const Pattern kAliasName;        // ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$
extern const Pattern kPipelineName;     // ^[a-zA-Z0-9](-*[a-zA-Z0-9])*$
extern const Pattern kVisible;          // [!-~]+

}  // namespace presso::api
