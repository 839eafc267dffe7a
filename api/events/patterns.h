// The regular expressions of EventBridge's model that its own resources alone use, as in
// api/pattern.h: the text, and a predicate that says what it means.
#pragma once

#include "api/pattern.h"

namespace presso::api::events {

extern const Pattern kOneLine;                // .*
extern const Pattern kConnectionArn;          // arn:aws…:events:…:connection/NAME/UUID
extern const Pattern kApiDestinationArn;      // arn:aws…:events:…:api-destination/NAME/UUID
extern const Pattern kArchiveArn;             // arn:aws…:events:…:.+/.+
extern const Pattern kReplayArn;              // arn:aws…:events:…:.+/NAME
extern const Pattern kEndpointArn;            // arn:aws…:events:…:endpoint/NAME
extern const Pattern kSecretArn;              // arn:aws…:secretsmanager:…:secret:NAME
extern const Pattern kResourceConfiguration;  // arn:…:vpc-lattice:…, or nothing
extern const Pattern kRoleArn;                // arn:aws…:iam::ACCOUNT:role/NAME
extern const Pattern kEndpointBusArn;         // arn:aws…:events:REGION:ACCOUNT:event-bus/NAME
extern const Pattern kHealthCheckArn;         // arn:aws…:route53:::healthcheck/ID
extern const Pattern kHttpsUrl;               // characters of a URL
extern const Pattern kCredential;             // no control characters and no colon
extern const Pattern kRegionName;             // ^[\-a-z0-9]+$
extern const Pattern kEndpointUrl;            // ^(https://)?[\.\-a-z0-9]+$
extern const Pattern kPermissionAction;       // events:[a-zA-Z]+
extern const Pattern kPrincipal;              // (\d{12}|\*)
extern const Pattern kStatementId;            // [a-zA-Z0-9-_]+
extern const Pattern kAccount;                // \d{12}
extern const Pattern kPartnerPrefix;          // aws\.partner/NAME/…

}  // namespace presso::api::events
