// The regular expressions of EventBridge Scheduler's model, as in api/pattern.h: the text, and a
// predicate that says what it means.
#pragma once

#include "api/pattern.h"

namespace presso::api::scheduler {

extern const Pattern kToken;          // ^[a-zA-Z0-9-_]+$
extern const Pattern kResourceName;   // ^[0-9a-zA-Z-_.]+$
extern const Pattern kParameterName;  // ^[A-Za-z0-9\-_]*$
extern const Pattern kKmsKeyArn;      // arn:aws…:kms:REGION:ACCOUNT:key/ID
extern const Pattern kScheduleArn;    // arn:aws…:scheduler:REGION:ACCOUNT:schedule/GROUP/NAME
extern const Pattern kGroupArn;       // arn:aws…:scheduler:REGION:ACCOUNT:schedule-group/NAME
extern const Pattern kQueueArn;       // arn:aws…:sqs:REGION:ACCOUNT:NAME, no FIFO queue
extern const Pattern kRoleArn;        // arn:aws…:iam::ACCOUNT:role/NAME
extern const Pattern kSource;         // no source of a service itself, or a simple path

}  // namespace presso::api::scheduler
