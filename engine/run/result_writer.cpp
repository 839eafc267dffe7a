#include "engine/run/result_writer.h"

#include <string_view>
#include <utility>

#include "base/json_members.h"

namespace presso::run {

namespace {

using How = MapRunChildEnded::How;

std::string_view status_of(How how) {
  switch (how) {
    case How::Succeeded: return "SUCCEEDED";
    case How::Failed: return "FAILED";
    case How::TimedOut: return "TIMED_OUT";
    case How::Aborted: break;
  }
  return "ABORTED";
}

// As the files show a child: alphabetical, data as JSON text.
Json shown_child(const WaitingMapRun& run, std::uint64_t index) {
  const auto& result = run.results[index];
  const Json included{{"Included", true}};
  Json shown = Json::object();
  if (result && result->cause) shown["Cause"] = *result->cause;
  if (result && result->error) shown["Error"] = *result->error;
  shown["ExecutionArn"] = child_arn(run.arn, index);
  shown["Input"] = run.inputs[index].text();
  shown["InputDetails"] = included;
  shown["Name"] = child_name(run.arn, index);
  if (result && result->output.has_value()) {
    shown["Output"] = result->output.text();
    shown["OutputDetails"] = included;
  }
  shown["RedriveCount"] = result ? result->redrive_count : 0;
  shown["RedriveStatus"] = "NOT_REDRIVABLE";
  if (result && result->how == How::Succeeded) {
    shown["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven";
  }
  if (result) shown["StartDate"] = to_iso_milliseconds(result->start_time);
  shown["StateMachineArn"] = child_machine_arn(run.arn);
  shown["Status"] = result ? std::string{status_of(result->how)} : std::string{"PENDING"};
  if (result) shown["StopDate"] = to_iso_milliseconds(result->stop_time);
  return shown;
}

std::string transformation_of(const asl::MapState& map) {
  if (!map.result_writer) return "COMPACT";
  const std::string named = text_at(map.result_writer->writer_config, "Transformation");
  if (!named.empty()) return named;
  return map.result_writer->resource ? "NONE" : "COMPACT";
}

// `take` is given what a child that succeeded contributes.
template <class Take>
void each_success(const std::string& transformation, const WaitingMapRun& run, std::uint64_t index,
                  Take take) {
  if (transformation == "NONE") return take(shown_child(run, index));
  const Json& output = run.results[index]->output.value();
  if (transformation != "FLATTEN" || !output.is_array()) return take(output);
  for (const Json& item : output) take(item);
}

// "PREFIX/UUID/", the run's own folder; without a prefix "UUID/".
std::string folder_of(const WaitingMapRun& run) {
  std::string prefix = text_at(run.writer.value(), "Prefix");
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return prefix + run.arn.substr(run.arn.rfind(':') + 1) + "/";
}

// All files of a run are written in thought, each time that the next of them is asked for, and of
// them all only that one's text is kept.
class ResultFiles {
 public:
  ResultFiles(std::string folder, bool is_lines, std::uint64_t wanted)
      : folder_{std::move(folder)}, is_lines_{is_lines}, wanted_{wanted} {}

  // What follows is of this status, in files of its own.
  void begin(std::string_view status) {
    close();
    status_ = status;
    listed_[status_] = Json::array();
  }
  void add(const Json& item) {
    const std::string text = dump_json(item);
    if (size_ != 0 && size_ + text.size() + 2 > kResultFileBytes) close();
    write(size_ == 0 ? (is_lines_ ? "" : "[") : (is_lines_ ? "" : ","));
    write(text);
    if (is_lines_) write("\n");
  }
  // The wanted file, which is the manifest when all others are written.
  std::optional<ResultFile> finish(const WaitingMapRun& run) {
    close();
    if (found_) return std::move(found_);
    if (wanted_ != count_) return std::nullopt;
    const Json manifest{{"DestinationBucket", text_at(run.writer.value(), "Bucket")},
                        {"MapRunArn", run.arn},
                        {"ResultFiles", std::move(listed_)}};
    return ResultFile{folder_ + "manifest.json", dump_json(manifest)};
  }

 private:
  void write(std::string_view text) {
    size_ += text.size();
    if (count_ == wanted_) body_ += text;
  }
  void close() {
    if (size_ == 0) return;
    if (!is_lines_) write("]");
    Json& listed = listed_[status_];
    const std::string key =
        folder_ + status_ + "_" + std::to_string(listed.size()) + (is_lines_ ? ".jsonl" : ".json");
    listed.push_back({{"Key", key}, {"Size", size_}});
    if (count_ == wanted_) found_ = ResultFile{key, std::exchange(body_, {})};
    ++count_;
    size_ = 0;
  }

  std::string folder_;
  bool is_lines_;
  std::uint64_t wanted_;
  std::string status_;
  Json listed_ = Json::object();
  std::uint64_t count_ = 0;  // of files that are complete
  std::size_t size_ = 0;     // of the one that is not
  std::string body_;
  std::optional<ResultFile> found_;
};

}  // namespace

Json map_run_results(const asl::MapState& map, const WaitingMapRun& run) {
  const std::string transformation = transformation_of(map);
  Json list = Json::array();
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (run.results[i] && run.results[i]->how == How::Succeeded) {
      each_success(transformation, run, i, [&](const Json& item) { list.push_back(item); });
    } else {
      list.push_back(shown_child(run, i));
    }
  }
  return list;
}

std::optional<ResultFile> next_result_file(const asl::MapState& map, const WaitingMapRun& run) {
  const bool is_lines = text_at(map.result_writer->writer_config, "OutputType") == "JSONL";
  const std::string transformation = transformation_of(map);
  const auto is_success = [&](std::uint64_t i) { return run.results[i]->how == How::Succeeded; };
  ResultFiles files{folder_of(run), is_lines, run.written};
  files.begin("FAILED");
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (run.results[i] && !is_success(i)) files.add(shown_child(run, i));
  }
  files.begin("PENDING");
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (!run.results[i]) files.add(shown_child(run, i));
  }
  files.begin("SUCCEEDED");
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (!run.results[i] || !is_success(i)) continue;
    each_success(transformation, run, i, [&](const Json& item) { files.add(item); });
  }
  return files.finish(run);
}

std::optional<Json> next_file_call(const asl::MapState& map, const WaitingMapRun& run) {
  auto file = next_result_file(map, run);
  if (!file) return std::nullopt;
  Json call = run.writer.value();
  call.erase("Prefix");
  call["Key"] = std::move(file->key);
  call["Body"] = std::move(file->body);
  return call;
}

Json written_result(const asl::MapState&, const WaitingMapRun& run) {
  return Json{{"MapRunArn", run.arn},
              {"ResultWriterDetails",
               {{"Bucket", text_at(run.writer.value(), "Bucket")},
                {"Key", folder_of(run) + "manifest.json"}}}};
}

}  // namespace presso::run
