// What ItemReader makes of S3's answers: the items of a Map Run, or the files in which they stand.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/shared_json.h"
#include "engine/asl/definition.h"

namespace presso::run {

// All that is refused has the code "States.ItemReaderFailed", and the cause.

// Whether the first answer is not yet the items but names the files that hold them: the manifest of
// an S3 inventory or of an Athena query, or a listing with Transformation LOAD_AND_FLATTEN.
[[nodiscard]] bool has_item_files(const asl::ItemReader&);

struct ItemFiles {
  std::vector<SharedJson> files;     // {"Bucket", "Key"} of each, in the order of the list
  std::vector<std::string> headers;  // of an inventory's columns; empty: ReaderConfig tells
};
// `parameters`: what the answer was asked for with.
[[nodiscard]] Result<ItemFiles> read_item_files(const asl::ItemReader&, const Json& parameters,
                                                const Json& answer);
// What one of the files holds, an array. `answer`: {"Body": text} of getObject.
[[nodiscard]] Result<Json> read_file_items(const asl::ItemReader&,
                                           const std::vector<std::string>& headers,
                                           const Json& answer);

// Of a reader without such files. `answer`: {"Body": text} of getObject, {"Contents": […]} of
// listObjectsV2. The items, an array.
[[nodiscard]] Result<Json> read_items(const asl::ItemReader&, const Json& answer);

}  // namespace presso::run
