#include <doctest/doctest.h>

#include <map>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/run/result_writer.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

TEST_CASE("the results of one status fill several files, and the manifest lists them") {
  // 100 outputs of 250,000 characters: one file does not hold them.
  for (const bool is_lines : {false, true}) {
    CAPTURE(is_lines);
    World world;
    const std::string output = "\"" + std::string(250'000, 'x') + "\"";
    world.services.on_task("lambda", "invoke", [&](const TaskCall& call) {
      FakeAnswer answer{output};
      if (call.parameters == "7") answer.result = run::Failure{.error = "Seven", .cause = ""};
      return std::optional{answer};
    });
    std::map<std::string, std::string> written;
    world.services.on_task("s3", "putObject", [&](const TaskCall& call) {
      const auto asked = parse_json(call.parameters);
      REQUIRE(asked);
      const std::string key = text_at(*asked, "Key");
      written[key.substr(key.rfind('/') + 1)] = text_at(*asked, "Body");
      return std::optional{FakeAnswer{"{}"}};
    });
    Json items = Json::array();
    for (int i = 0; i < 100; ++i) items.push_back(i);
    const std::string type = is_lines ? "JSONL" : "JSON";
    const std::string arn =
        world.start(world.create("m", machine(kCall, R"("ToleratedFailureCount":1,
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out"},
        "WriterConfig":{"OutputType":")" + type + R"(","Transformation":"COMPACT"}},)")),
                    dump_json(items));
    world.settle();
    CHECK(world.row(arn).status == run::Status::Succeeded);
    const std::string extension = is_lines ? ".jsonl" : ".json";
    REQUIRE(written.size() == 4);
    const std::string& first = written["SUCCEEDED_0" + extension];
    const std::string& second = written["SUCCEEDED_1" + extension];
    CHECK(first.size() <= run::kResultFileBytes);
    CHECK(first.size() + output.size() + 2 > run::kResultFileBytes);
    CHECK(first.size() + second.size() > 99 * output.size());
    if (!is_lines) CHECK(parse_json(first)->size() + parse_json(second)->size() == 99);
    const auto manifest = parse_json(written["manifest.json"]);
    REQUIRE(manifest);
    const Json& files = manifest->at("ResultFiles");
    CHECK(files.at("FAILED").size() == 1);
    CHECK(files.at("PENDING").empty());
    REQUIRE(files.at("SUCCEEDED").size() == 2);
    CHECK(text_at(files.at("SUCCEEDED")[1], "Key").ends_with("/SUCCEEDED_1" + extension));
    CHECK(files.at("SUCCEEDED")[0].at("Size") == first.size());
    CHECK(files.at("SUCCEEDED")[1].at("Size") == second.size());
  }
}
