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

void append_success(Json& list, const std::string& transformation, const WaitingMapRun& run,
                    std::uint64_t index) {
  if (transformation == "NONE") {
    list.push_back(shown_child(run, index));
    return;
  }
  const Json& output = run.results[index]->output.value();
  if (transformation == "FLATTEN" && output.is_array()) {
    for (const Json& item : output) list.push_back(item);
  } else {
    list.push_back(output);
  }
}

std::string as_file(const Json& list, bool is_lines) {
  if (!is_lines) return dump_json(list);
  std::string text;
  for (const Json& item : list) text += dump_json(item) + "\n";
  return text;
}

// "PREFIX/UUID/", the run's own folder; without a prefix "UUID/".
std::string folder_of(const WaitingMapRun& run) {
  std::string prefix = text_at(run.writer.value(), "Prefix");
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return prefix + run.arn.substr(run.arn.rfind(':') + 1) + "/";
}

}  // namespace

Json map_run_results(const asl::MapState& map, const WaitingMapRun& run) {
  const std::string transformation = transformation_of(map);
  Json list = Json::array();
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (run.results[i] && run.results[i]->how == How::Succeeded) {
      append_success(list, transformation, run, i);
    } else {
      list.push_back(shown_child(run, i));
    }
  }
  return list;
}

std::vector<ResultFile> result_files(const asl::MapState& map, const WaitingMapRun& run) {
  const std::string transformation = transformation_of(map);
  const bool is_lines = text_at(map.result_writer->writer_config, "OutputType") == "JSONL";
  Json succeeded = Json::array();
  Json failed = Json::array();
  Json pending = Json::array();
  for (std::uint64_t i = 0; i < run.results.size(); ++i) {
    if (!run.results[i]) {
      pending.push_back(shown_child(run, i));
    } else if (run.results[i]->how == How::Succeeded) {
      append_success(succeeded, transformation, run, i);
    } else {
      failed.push_back(shown_child(run, i));
    }
  }
  const std::string folder = folder_of(run);
  const std::string extension = is_lines ? "_0.jsonl" : "_0.json";
  std::vector<ResultFile> files;
  Json listed = Json::object();
  const auto add = [&](const char* name, const Json& list) {
    listed[name] = Json::array();
    if (list.empty()) return;
    files.push_back({folder + name + extension, as_file(list, is_lines)});
    listed[name].push_back({{"Key", files.back().key}, {"Size", files.back().body.size()}});
  };
  add("FAILED", failed);
  add("PENDING", pending);
  add("SUCCEEDED", succeeded);
  const Json manifest{{"DestinationBucket", text_at(run.writer.value(), "Bucket")},
                      {"MapRunArn", run.arn},
                      {"ResultFiles", std::move(listed)}};
  files.push_back({folder + "manifest.json", dump_json(manifest)});
  return files;
}

std::optional<Json> next_file_call(const asl::MapState& map, const WaitingMapRun& run) {
  auto files = result_files(map, run);
  if (run.written >= files.size()) return std::nullopt;
  Json call = run.writer.value();
  call.erase("Prefix");
  call["Key"] = std::move(files[run.written].key);
  call["Body"] = std::move(files[run.written].body);
  return call;
}

Json written_result(const asl::MapState&, const WaitingMapRun& run) {
  return Json{{"MapRunArn", run.arn},
              {"ResultWriterDetails",
               {{"Bucket", text_at(run.writer.value(), "Bucket")},
                {"Key", folder_of(run) + "manifest.json"}}}};
}

}  // namespace presso::run
