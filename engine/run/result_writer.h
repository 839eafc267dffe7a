// What becomes of the results of a Map Run: the Map's own result, and ResultWriter's files.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/asl/definition.h"
#include "engine/run/map_run.h"

namespace presso::run {

// The children's outputs in the order of the items. A child that failed is shown as a whole, as
// DescribeExecution shows it.
[[nodiscard]] Json map_run_results(const asl::MapState&, const WaitingMapRun&);

struct ResultFile {
  std::string key;
  std::string body;
};
// The files, the manifest last: PREFIX/UUID/SUCCEEDED_0.json, …/manifest.json.
[[nodiscard]] std::vector<ResultFile> result_files(const asl::MapState&, const WaitingMapRun&);
// {"Bucket", "Key", "Body"} for s3:putObject, of the file that comes next; nothing after the last.
[[nodiscard]] std::optional<Json> next_file_call(const asl::MapState&, const WaitingMapRun&);
// {"MapRunArn", "ResultWriterDetails": {"Bucket", "Key"}}
[[nodiscard]] Json written_result(const asl::MapState&, const WaitingMapRun&);

}  // namespace presso::run
