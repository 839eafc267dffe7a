#include <doctest/doctest.h>

#include <map>

#include "base/json.h"
#include "engine/core/redrive.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

// Data sets of several files: a manifest or a listing names them, and they are read one by one.

namespace {

// Objects by "BUCKET/KEY"; a listing shows the keys of `listed`.
struct Bucket {
  std::map<std::string, std::string> objects;
  std::vector<std::string> listed;

  void serve(World& world) const {
    world.services.on_task("s3", "getObject", [*this](const TaskCall& call) {
      const auto asked = parse_json(call.parameters);
      REQUIRE(asked);
      const auto found =
          objects.find((*asked)["Bucket"].get<std::string>() + "/" + std::string{(*asked)["Key"]});
      FakeAnswer answer;
      if (found == objects.end()) {
        answer.result = run::Failure{.error = "S3.AmazonS3Exception", .cause = "no such key"};
      } else {
        answer.result = dump_json(Json{{"Body", found->second}});
      }
      return std::optional{answer};
    });
    world.services.on_task("s3", "listObjectsV2", [*this](const TaskCall&) {
      Json contents = Json::array();
      for (const std::string& key : listed) contents.push_back({{"Key", key}, {"Size", 1}});
      return std::optional{FakeAnswer{dump_json(Json{{"Contents", contents}})}};
    });
  }
};

std::string reader_of(const std::string& config, const std::string& action = "getObject") {
  return R"("ItemReader":{"Resource":"arn:aws:states:::s3:)" + action + R"(","ReaderConfig":{)" +
         config + R"(},"Parameters":{"Bucket":"in","Key":"list"}},)";
}

// The output, or error and cause.
std::string outcome_of(World& world, const std::string& fields) {
  const std::string arn = world.start(world.create("m", machine(kPass, fields)));
  world.settle();
  if (world.row(arn).status == run::Status::Succeeded) return world.output(arn);
  const auto ended = std::get<run::ExecutionEnded>(world.events(arn).back().detail);
  return ended.error.value_or("") + ": " + ended.cause.value_or("");
}

std::string outcome_of(const Bucket& bucket, const std::string& fields) {
  World world;
  bucket.serve(world);
  return outcome_of(world, fields);
}

constexpr const char* kManifest =
    R"({"sourceBucket":"source","destinationBucket":"arn:aws:s3:::inv",
    "version":"2016-11-30","fileFormat":"CSV","fileSchema":"Bucket, Key, Size",
    "files":[{"key":"data/1.csv.gz","size":1},{"key":"data/2.csv.gz","size":1}]})";

}  // namespace

TEST_CASE("the rows of an S3 inventory are the items, with its columns as names") {
  const Bucket bucket{{{"in/list", kManifest},
                       {"inv/data/1.csv.gz", "\"source\",\"a,b\",\"3\"\n\"source\",\"c\",\"0\"\n"},
                       {"inv/data/2.csv.gz", "\"source\",\"d\",\"7\"\n"}},
                      {}};
  constexpr const char* kAll =
      R"([{"Bucket":"source","Key":"a,b","Size":"3"},{"Bucket":"source","Key":"c","Size":"0"},)"
      R"({"Bucket":"source","Key":"d","Size":"7"}])";
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"MANIFEST")")) == kAll);
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"MANIFEST","ManifestType":"S3_INVENTORY")")) ==
        kAll);
}

TEST_CASE("files after MaxItems are not read") {
  const Bucket bucket{{{"in/list", kManifest}, {"inv/data/1.csv.gz", "b,one,1\nb,two,2\n"}}, {}};
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"MANIFEST","MaxItems":1)")) ==
        R"([{"Bucket":"b","Key":"one","Size":"1"}])");
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"MANIFEST","MaxItems":2)")) ==
        R"([{"Bucket":"b","Key":"one","Size":"1"},{"Bucket":"b","Key":"two","Size":"2"}])");
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"MANIFEST","MaxItems":3)")) ==
        "States.ItemReaderFailed: no such key");
}

TEST_CASE("the manifest of an Athena query names files of the InputType") {
  const Bucket bucket{{{"in/list", "s3://out/a/1.gz\r\n\"s3://other/2\"\n"},
                       {"out/a/1.gz", "{\"n\":1}\n{\"n\":2}\n"},
                       {"other/2", "{\"n\":3}\n"}},
                      {}};
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"JSONL","ManifestType":"ATHENA_DATA")")) ==
        R"([{"n":1},{"n":2},{"n":3}])");
  const Bucket table{
      {{"in/list", "s3://out/1\ns3://out/2"}, {"out/1", "a,b\n1,2\n"}, {"out/2", "a,b\n3,4\n"}},
      {}};
  CHECK(outcome_of(table, reader_of(R"("InputType":"CSV","ManifestType":"ATHENA_DATA")")) ==
        R"([{"a":"1","b":"2"},{"a":"3","b":"4"}])");
  CHECK(outcome_of(table, reader_of(R"("InputType":"CSV","ManifestType":"ATHENA_DATA",
        "CSVHeaderLocation":"GIVEN","CSVHeaders":["x","y"])")) ==
        R"([{"x":"a","y":"b"},{"x":"1","y":"2"},{"x":"a","y":"b"},{"x":"3","y":"4"}])");
}

TEST_CASE("a listing may be of files that hold the items") {
  const Bucket bucket{{{"in/p/1", "[1,2]"}, {"in/p/2", "[]"}, {"in/p/3", "[3]"}},
                      {"p/", "p/1", "p/2", "p/3"}};
  const std::string flatten = R"("Transformation":"LOAD_AND_FLATTEN")";
  CHECK(outcome_of(bucket, reader_of(R"("InputType":"JSON",)" + flatten, "listObjectsV2")) ==
        "[1,2,3]");
  CHECK(outcome_of(Bucket{}, reader_of(R"("InputType":"JSON",)" + flatten, "listObjectsV2")) ==
        "[]");
  CHECK(outcome_of(bucket, reader_of(R"("Transformation":"NONE","MaxItems":1)", "listObjectsV2")) ==
        R"([{"Key":"p/","Size":1}])");
}

TEST_CASE("what is no manifest fails the run, and says why") {
  const auto inventory = [](const std::string& manifest) {
    return outcome_of(Bucket{{{"in/list", manifest}}, {}}, reader_of(R"("InputType":"MANIFEST")"));
  };
  CHECK(inventory("{").starts_with(
      "States.ItemReaderFailed: Unable to parse the manifest of the inventory: "));
  CHECK(inventory(R"({"fileFormat":"ORC"})") ==
        "States.ItemReaderFailed: presso does not read inventories of the format 'ORC'.");
  CHECK(inventory(R"({"fileFormat":"CSV","fileSchema":"Key"})") ==
        "States.ItemReaderFailed: The manifest of the inventory names no bucket or no files.");
  CHECK(inventory(R"({"fileFormat":"CSV","destinationBucket":"b","files":[]})") ==
        "States.ItemReaderFailed: The manifest of the inventory names no columns.");
  CHECK(inventory(R"({"fileFormat":"CSV","destinationBucket":"b","files":[1],"fileSchema":"K"})") ==
        "States.ItemReaderFailed: The manifest of the inventory names a file without a key.");
  const auto athena = [](const std::string& manifest) {
    return outcome_of(Bucket{{{"in/list", manifest}}, {}},
                      reader_of(R"("InputType":"PARQUET","ManifestType":"ATHENA_DATA")"));
  };
  CHECK(athena("s3://b") ==
        "States.ItemReaderFailed: The manifest names 's3://b', which is no object in S3.");
  CHECK(athena("") == "[]");
  CHECK(outcome_of(Bucket{{{"in/list", "s3://b/k"}, {"b/k", "PAR1"}}, {}},
                   reader_of(R"("InputType":"PARQUET","ManifestType":"ATHENA_DATA")")) ==
        "States.ItemReaderFailed: presso does not read files of the InputType PARQUET.");
}

TEST_CASE("a crash between two files, and a redrive after a file that was missing, lose nothing") {
  Bucket bucket{{{"in/list", kManifest}, {"inv/data/1.csv.gz", "b,one,1\n"}}, {}};
  World world;
  bucket.serve(world);
  const std::string arn =
      world.start(world.create("m", machine(kPass, reader_of(R"("InputType":"MANIFEST")"))));
  for (int turn = 0; turn < 3; ++turn) {
    world.turn();
    world.crash();
  }
  world.settle();
  CHECK(world.row(arn).status == run::Status::Failed);
  bucket.objects["inv/data/2.csv.gz"] = "b,two,2\n";
  bucket.objects["inv/data/1.csv.gz"] = "it is not read again";
  bucket.serve(world);
  REQUIRE(world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().redrive(arn, std::nullopt).has_value();
  }));
  world.settle();
  CHECK(world.output(arn) ==
        R"([{"Bucket":"b","Key":"one","Size":"1"},{"Bucket":"b","Key":"two","Size":"2"}])");
}
