// What ItemReader makes of an S3 answer: the items of a Map Run.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "engine/asl/definition.h"

namespace presso::run {

// `answer`: {"Body": text} of getObject, {"Contents": […]} of listObjectsV2. The items, an array.
// Error: code "States.ItemReaderFailed", and the cause.
[[nodiscard]] Result<Json> read_items(const asl::ItemReader&, const Json& answer);

}  // namespace presso::run
