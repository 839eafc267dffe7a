// What becomes of the results of a Map Run: the Map's own result, and ResultWriter's files.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "engine/asl/definition.h"
#include "engine/run/map_run.h"

namespace presso::run {

// The children's outputs in the order of the items. A child that failed is shown as a whole, as
// DescribeExecution shows it.
[[nodiscard]] Json map_run_results(const asl::MapState&, const WaitingMapRun&);

// AWS tells no bound but S3's own, 5 GB. A file's text is in memory with what it is sent as.
inline constexpr std::size_t kResultFileBytes = 16UL * 1024 * 1024;

struct ResultFile {
  std::string key;
  std::string body;
};
// The one that comes after `run.written` others: PREFIX/UUID/SUCCEEDED_0.json, …/SUCCEEDED_1.json
// when that is full, …/manifest.json at last; nothing after it.
[[nodiscard]] std::optional<ResultFile> next_result_file(const asl::MapState&,
                                                         const WaitingMapRun&);
// {"Bucket", "Key", "Body"} for s3:putObject, of the file that comes next; nothing after the last.
[[nodiscard]] std::optional<Json> next_file_call(const asl::MapState&, const WaitingMapRun&);
// {"MapRunArn", "ResultWriterDetails": {"Bucket", "Key"}}
[[nodiscard]] Json written_result(const asl::MapState&, const WaitingMapRun&);

}  // namespace presso::run
