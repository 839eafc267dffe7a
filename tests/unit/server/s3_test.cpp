#include "server/integrations/s3.h"

#include <doctest/doctest.h>

#include "base/gzip.h"
#include "base/json.h"
#include "server/integrations/s3_xml.h"

namespace presso::server {

namespace {

constexpr std::string_view kEndpoint = "http://s3.test:9000";

std::variant<OutboundRequest, run::Failure> made(std::string_view action,
                                                 const std::string& parameters,
                                                 S3Form form = S3Form::Sdk) {
  const S3Operation* operation = find_s3_operation(action);
  REQUIRE(operation != nullptr);
  return s3_request(*operation, form, kEndpoint, parameters);
}

OutboundRequest request_for(std::string_view action, const std::string& parameters,
                            S3Form form = S3Form::Sdk) {
  auto request = made(action, parameters, form);
  REQUIRE(std::holds_alternative<OutboundRequest>(request));
  return std::get<OutboundRequest>(std::move(request));
}

std::string refusal_of(std::string_view action, const std::string& parameters) {
  const auto request = made(action, parameters);
  const auto* failure = std::get_if<run::Failure>(&request);
  return failure == nullptr ? "" : *failure->error + ": " + *failure->cause;
}

std::string header_of(const OutboundRequest& request, std::string_view name) {
  for (const auto& [known, value] : request.headers) {
    if (known == name) return value;
  }
  return "";
}

OutboundResponse answer(int status, Headers headers, std::string body) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

std::string shown(std::string_view action, OutboundResponse response, S3Form form = S3Form::Sdk) {
  const CallResult result = s3_result(*find_s3_operation(action), form, std::move(response));
  if (const auto* failure = std::get_if<run::Failure>(&result)) {
    return *failure->error + ": " + *failure->cause;
  }
  return std::get<std::string>(result);
}

constexpr std::string_view kListing = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>b</Name><Prefix>a/</Prefix><KeyCount>2</KeyCount><MaxKeys>2</MaxKeys>
  <IsTruncated>true</IsTruncated><NextContinuationToken>1ueGcx=</NextContinuationToken>
  <Contents><Key>a/&#38; &lt;1&gt;</Key><LastModified>2025-11-06T10:20:30.000Z</LastModified>
    <ETag>&quot;5d41&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>12</Size>
    <Owner><ID>me</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>
  <Contents><Key>a/007</Key><LastModified>2025-11-06T10:20:30.250Z</LastModified>
    <ETag>"5d42"</ETag><Size>0</Size><StorageClass>GLACIER</StorageClass></Contents>
  <CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes>
</ListBucketResult>)";

constexpr std::string_view kNoSuchKey =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The "
    "specified key does not exist.</Message><Key>k</Key><RequestId>R1</RequestId>"
    "<HostId>H1</HostId></Error>";

// echo -n 'hello, world' | gzip -n
std::string packed() {
  constexpr std::string_view kBytes{
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xd7\x51\x28\xcf\x2f\xca\x49"
      "\x01\x00\x3a\x72\xab\xff\x0c\x00\x00\x00",
      32};
  return std::string{kBytes};
}

}  // namespace

TEST_CASE("an object's path is its bucket and its key, encoded once") {
  const auto request = request_for("getObject", R"({"Bucket":"b","Key":"a b/ü+?#%&./..//c"})");
  CHECK(request.method == "GET");
  CHECK(request.url == "http://s3.test:9000/b/a%20b/%C3%BC%2B%3F%23%25%26./..//c");
  CHECK(request.body.empty());
  CHECK(request_for("listBuckets", "{}").url == "http://s3.test:9000/");
  CHECK(request_for("deleteBucket", R"({"Bucket":"b"})").url == "http://s3.test:9000/b");
  CHECK(request_for("deleteBucket", R"({"Bucket":"b"})").method == "DELETE");
  CHECK(request_for("headObject", R"({"Bucket":"b","Key":"k"})").method == "HEAD");
}

TEST_CASE("parameters become headers and queries, in either spelling") {
  const auto get = request_for("getObject", R"({"Bucket":"b","Key":"k","VersionId":"v 1",
      "Range":"bytes=0-9","IfModifiedSince":"2015-10-21T07:28:00Z","PartNumber":2})");
  CHECK(get.url == "http://s3.test:9000/b/k?versionId=v%201&partNumber=2");
  CHECK(header_of(get, "range") == "bytes=0-9");
  CHECK(header_of(get, "if-modified-since") == "Wed, 21 Oct 2015 07:28:00 GMT");
  const auto list = request_for("listObjectsV2", R"({"Bucket":"b","Prefix":"a/","MaxKeys":5,
      "FetchOwner":true,"Delimiter":"/","StartAfter":null})");
  CHECK(list.url ==
        "http://s3.test:9000/b?list-type=2&prefix=a%2F&max-keys=5&fetch-owner=true&delimiter=%2F");
  const auto put = request_for("putObject", R"({"Bucket":"b","Key":"k","Body":"x","Acl":"private",
      "SsekmsKeyId":"1","Metadata":{"Tenant":"a"},"ContentType":"text/css"})");
  CHECK(header_of(put, "x-amz-acl") == "private");
  CHECK(header_of(put, "x-amz-server-side-encryption-aws-kms-key-id") == "1");
  CHECK(header_of(put, "x-amz-meta-tenant") == "a");
  CHECK(header_of(put, "content-type") == "text/css");
  const auto named =
      request_for("getObjectAttributes",
                  R"({"Bucket":"b","Key":"k","ObjectAttributes":["ETag","ObjectSize"]})");
  CHECK(named.url == "http://s3.test:9000/b/k?attributes");
  CHECK(header_of(named, "x-amz-object-attributes") == "ETag,ObjectSize");
}

TEST_CASE("a task's Body is stored as its JSON text, a Map's as the text that it is") {
  const auto stored = [](const std::string& body, S3Form form) {
    return request_for("putObject", R"({"Bucket":"b","Key":"k","Body":)" + body + "}", form).body;
  };
  CHECK(stored(R"("text data")", S3Form::Sdk) == R"("text data")");
  CHECK(stored(R"({"Dict": "Value"})", S3Form::Sdk) == R"({"Dict":"Value"})");
  CHECK(stored("0", S3Form::Sdk) == "0");
  CHECK(stored("null", S3Form::Sdk).empty());
  CHECK(stored(R"("[1,\n2]")", S3Form::Optimised) == "[1,\n2]");
  CHECK(stored("[1]", S3Form::Optimised) == "[1]");
}

TEST_CASE("what is stored is sent with its type and its checksum") {
  const auto put = request_for("putObject", R"({"Bucket":"b","Key":"k","Body":"text data"})");
  CHECK(put.method == "PUT");
  CHECK(header_of(put, "content-type") == "text/plain; charset=UTF-8");
  CHECK(header_of(put, "x-amz-checksum-crc32") == "KUmHvQ==");  // recorded
  const auto sha =
      request_for("putObject", R"({"Bucket":"b","Key":"k","Body":1,"ChecksumAlgorithm":"SHA256"})");
  CHECK(header_of(sha, "x-amz-checksum-sha256") == "a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=");
  CHECK(header_of(sha, "x-amz-checksum-crc32").empty());
  const auto own =
      request_for("putObject", R"({"Bucket":"b","Key":"k","Body":1,"ChecksumCRC32":"g9zvtw=="})");
  CHECK(header_of(own, "x-amz-checksum-crc32") == "g9zvtw==");
  CHECK(own.headers.size() == 2);
}

TEST_CASE("requests that S3 wants in XML are written so") {
  const auto many = request_for("deleteObjects", R"({"Bucket":"b","Delete":{"Objects":
      [{"Key":"a<&>"},{"Key":"b","VersionId":"1"}],"Quiet":true}})");
  CHECK(many.url == "http://s3.test:9000/b?delete");
  CHECK(many.body ==
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&lt;&amp;&gt;"
        "</Key></Object><Object><Key>b</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet>"
        "</Delete>");
  CHECK(header_of(many, "x-amz-checksum-crc32").size() == 8);
  const auto tags = request_for("putObjectTagging", R"({"Bucket":"b","Key":"k","Tagging":
      {"TagSet":[{"Key":"x","Value":"y"}]}})");
  CHECK(tags.body ==
        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>x</Key>"
        "<Value>y</Value></Tag></TagSet></Tagging>");
  CHECK(request_for("createBucket", R"({"Bucket":"b"})").body.empty());
}

TEST_CASE("a request that cannot be made fails with its reason") {
  CHECK(refusal_of("getObject", R"({"Key":"k"})") ==
        "S3.SdkClientException: Parameter 'Bucket' must not be null");
  CHECK(refusal_of("getObject", R"({"Bucket":"b","Key":null})") ==
        "S3.SdkClientException: Parameter 'Key' must not be null");
  CHECK(refusal_of("getObject", R"({"Bucket":"b","Key":"k","Kee":1})") ==
        "States.TaskFailed: The field 'Kee' is not supported by s3:getObject.");
  CHECK(refusal_of("getObject", R"({"Bucket":"b","Key":{"a":1}})") ==
        "S3.SdkClientException: The parameter Key has a value of a wrong type.");
  CHECK(refusal_of("getObject", "[]") ==
        "S3.SdkClientException: The parameters must be an object.");
  CHECK(refusal_of("putObject", R"({"Bucket":"b","Key":"k","Metadata":{"a":"1\r\nx: y"}})") ==
        "S3.SdkClientException: What is sent as the header x-amz-meta-a is no header.");
  CHECK(refusal_of("putObject", R"({"Bucket":"b","Key":"k","Metadata":{"a: b":"1"}})") ==
        "S3.SdkClientException: What is sent as the header x-amz-meta-a: b is no header.");
  CHECK(find_s3_operation("selectObjectContent") == nullptr);
}

TEST_CASE("an object is shown with what its headers say, its body last") {
  const Headers headers{{"x-amz-id-2", "H"},
                        {"Last-Modified", "Thu, 06 Nov 2025 10:20:30 GMT"},
                        {"ETag", "\"332e\""},
                        {"x-amz-server-side-encryption", "AES256"},
                        {"x-amz-meta-Tenant", "a"},
                        {"Accept-Ranges", "bytes"},
                        {"Content-Type", "binary/octet-stream"},
                        {"Content-Length", "9"},
                        {"Server", "AmazonS3"}};
  const std::string members =
      R"({"AcceptRanges":"bytes","ContentLength":9,"ContentType":"binary/octet-stream",)"
      R"("ETag":"\"332e\"","LastModified":"2025-11-06T10:20:30Z","Metadata":{"tenant":"a"},)"
      R"("ServerSideEncryption":"AES256")";
  CHECK(shown("getObject", answer(200, headers, "text data")) ==
        members + R"(,"Body":"text data"})");
  CHECK(shown("headObject", answer(200, headers, "")) == members + "}");
  CHECK(shown("getObject", answer(200, {}, "a\xff\xfe\"b")) ==
        "{\"Metadata\":{},\"Body\":\"a\xef\xbf\xbd\xef\xbf\xbd\\\"b\"}");
}

TEST_CASE("other answers show what their operation is about alone") {
  CHECK(shown("putObject", answer(200,
                                  {{"ETag", "\"2b5d\""},
                                   {"x-amz-checksum-crc32", "KUmHvQ=="},
                                   {"x-amz-checksum-type", "FULL_OBJECT"},
                                   {"Content-Length", "0"},
                                   {"Content-Type", "text/html"}},
                                  "")) ==
        R"({"ChecksumCRC32":"KUmHvQ==","ChecksumType":"FULL_OBJECT","ETag":"\"2b5d\""})");
  CHECK(shown("deleteObject", answer(204, {{"x-amz-delete-marker", "true"}}, "")) ==
        R"({"DeleteMarker":true})");
  CHECK(shown("createBucket", answer(200, {{"Location", "/b"}}, "")) == R"({"Location":"/b"})");
  CHECK(shown("copyObject", answer(200, {},
                                   "<CopyObjectResult><LastModified>2025-11-06T10:20:30.000Z"
                                   "</LastModified><ETag>\"1\"</ETag></CopyObjectResult>")) ==
        R"({"CopyObjectResult":{"ETag":"\"1\"","LastModified":"2025-11-06T10:20:30Z"}})");
  CHECK(shown("listBuckets",
              answer(200, {},
                     "<ListAllMyBucketsResult><Owner><ID>me</ID></Owner><Buckets><Bucket><Name>b"
                     "</Name><CreationDate>2025-11-06T10:20:30.000Z</CreationDate></Bucket>"
                     "</Buckets></ListAllMyBucketsResult>")) ==
        R"({"Buckets":[{"CreationDate":"2025-11-06T10:20:30Z","Name":"b"}],"Owner":{"Id":"me"}})");
  CHECK(shown("deleteObjects",
              answer(200, {},
                     "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>"
                     "AccessDenied</Code></Error></DeleteResult>")) ==
        R"({"Deleted":[{"Key":"a"}],"Errors":[{"Code":"AccessDenied","Key":"b"}]})");
}

TEST_CASE("a listing shows its objects in lists and its numbers as numbers") {
  CHECK(shown("listObjectsV2", answer(200, {}, std::string{kListing})) ==
        R"({"CommonPrefixes":[{"Prefix":"a/b/"}],"Contents":[{"ChecksumAlgorithm":["CRC32"],)"
        R"("ETag":"\"5d41\"","Key":"a/& <1>","LastModified":"2025-11-06T10:20:30Z",)"
        R"("Owner":{"Id":"me"},"Size":12,"StorageClass":"STANDARD"},{"ETag":"\"5d42\"",)"
        R"("Key":"a/007","LastModified":"2025-11-06T10:20:30.250Z","Size":0,)"
        R"("StorageClass":"GLACIER"}],"IsTruncated":true,"KeyCount":2,"MaxKeys":2,"Name":"b",)"
        R"("NextContinuationToken":"1ueGcx=","Prefix":"a/"})");
  CHECK(shown("listObjectsV2",
              answer(200, {},
                     "<R><EncodingType>url</EncodingType><Prefix>%C3%BC+</Prefix><Contents>"
                     "<Key>a%2Bb</Key><ETag>a+b</ETag></Contents></R>")) ==
        R"({"Contents":[{"ETag":"a+b","Key":"a+b"}],"EncodingType":"url","Prefix":"ü "})");
}

TEST_CASE("a refusal of S3 has the name and the text that aws-sdk gives it") {
  const Headers ids{{"x-amz-request-id", "R"}, {"x-amz-id-2", "H"}};
  CHECK(shown("getObject", answer(404, ids, std::string{kNoSuchKey})) ==
        "S3.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, "
        "Request ID: R, Extended Request ID: H) (SDK Attempt Count: 1)");
  CHECK(shown("getObject", answer(404, {}, std::string{kNoSuchKey})) ==
        "S3.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, "
        "Request ID: R1, Extended Request ID: H1) (SDK Attempt Count: 1)");
  CHECK(shown("listObjects", answer(404, ids,
                                    "<Error><Code>NoSuchBucket</Code><Message>The specified bucket "
                                    "does not exist</Message></Error>"))
            .starts_with("S3.NoSuchBucketException: The specified bucket does not exist (Service"));
  CHECK(shown("getObject",
              answer(403, ids, "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>"))
            .starts_with("S3.S3Exception: No. (Service: S3, Status Code: 403"));
  CHECK(shown("headObject", answer(404, ids, ""))
            .starts_with("S3.NoSuchKeyException: null (Service: S3, Status Code: 404"));
  CHECK(shown("headBucket", answer(404, ids, "")).starts_with("S3.NoSuchBucketException: null "));
  CHECK(shown("headObject", answer(403, ids, "")).starts_with("S3.S3Exception: null (Service"));
  CHECK(shown("copyObject", answer(200, ids, "<Error><Code>InternalError</Code></Error>"))
            .starts_with("S3.S3Exception: null (Service: S3, Status Code: 200"));
  CHECK(
      shown("getObject", answer(502, {}, "<html>Bad gateway")).starts_with("S3.S3Exception: null"));
  CHECK(shown("listBuckets", answer(200, {}, "not XML")) ==
        "S3.SdkClientException: Unable to parse the service's answer as XML.");
  CHECK(shown("getObject", answer(404, ids, std::string{kNoSuchKey}), S3Form::Optimised) ==
        "S3.AmazonS3Exception: The specified key does not exist. (Service: Amazon S3; Status Code: "
        "404; Error Code: NoSuchKey; Request ID: R; S3 Extended Request ID: H; Proxy: null)");
}

TEST_CASE("an ItemReader's object is unpacked, a task's is not") {
  CHECK(gunzip(packed(), 12) == "hello, world");
  CHECK(shown("getObject", answer(200, {}, packed()), S3Form::Optimised) ==
        R"({"Metadata":{},"Body":"hello, world"})");
  CHECK(shown("getObject", answer(200, {}, packed())).find("hello") == std::string::npos);
  CHECK(gunzip(packed() + packed(), 100) == "hello, worldhello, world");
  CHECK_FALSE(gunzip(packed(), 11).has_value());
  for (std::size_t size = 0; size < packed().size(); ++size) {
    CHECK_FALSE(gunzip(packed().substr(0, size), 100).has_value());
  }
  CHECK(shown("getObject", answer(200, {}, packed().substr(0, 20)), S3Form::Optimised) ==
        "S3.SdkClientException: The object begins as gzip does, and is broken or holds more than "
        "268435456 bytes.");
}

TEST_CASE("an ItemReader's listing goes on until its end") {
  S3Listing listing{std::string{kEndpoint}, R"({"Bucket":"b","Prefix":"a/"})"};
  const auto url = [&] { return std::get<OutboundRequest>(listing.next()).url; };
  CHECK(url() == "http://s3.test:9000/b?list-type=2&prefix=a%2F");
  CHECK_FALSE(listing.take(answer(200, {}, std::string{kListing})).has_value());
  CHECK(url() == "http://s3.test:9000/b?list-type=2&prefix=a%2F&continuation-token=1ueGcx%3D");
  const auto last = listing.take(
      answer(200, {}, "<ListBucketResult><Contents><Key>z</Key></Contents></ListBucketResult>"));
  REQUIRE(last.has_value());
  CHECK(std::get<std::string>(*last) ==
        R"({"Contents":[{"Etag":"\"5d41\"","LastModified":1762424430,"Key":"a/& <1>","Size":12,)"
        R"("StorageClass":"STANDARD"},{"Etag":"\"5d42\"","LastModified":1762424430,"Key":"a/007",)"
        R"("Size":0,"StorageClass":"GLACIER"},{"Key":"z"}]})");
}

TEST_CASE("a listing without objects is empty, and one that fails gives its failure") {
  S3Listing listing{std::string{kEndpoint}, R"({"Bucket":"b"})"};
  CHECK(std::get<std::string>(*listing.take(answer(200, {}, "<ListBucketResult/>"))) ==
        R"({"Contents":[]})");
  const auto failed = listing.take(NoResponse{"refused"});
  REQUIRE(failed.has_value());
  CHECK(std::get<run::Failure>(*failed).cause == "refused");
}

TEST_CASE("XML that is broken, deep or expands itself is refused") {
  CHECK_FALSE(parse_xml("").has_value());
  CHECK_FALSE(parse_xml("<a>").has_value());
  CHECK_FALSE(parse_xml("<a></b>").has_value());
  CHECK_FALSE(parse_xml("<a/><b/>").has_value());
  CHECK_FALSE(parse_xml("<a>\xff</a>").has_value());
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  CHECK_FALSE(parse_xml(deep).has_value());
  std::string laughs = "<!DOCTYPE a [<!ENTITY l0 \"hahahahaha\">";
  for (int i = 1; i < 10; ++i) {
    const std::string inner = "&l" + std::to_string(i - 1) + ";";
    laughs += "<!ENTITY l" + std::to_string(i) + " \"";
    for (int times = 0; times < 10; ++times) laughs += inner;
    laughs += "\">";
  }
  CHECK_FALSE(parse_xml(laughs + "]><a>&l9;</a>").has_value());
  const auto mixed = parse_xml("<a> x<b/><![CDATA[<y>]]><!-- no --> </a>");
  REQUIRE(mixed.has_value());
  CHECK(mixed->text == " x<y> ");
  CHECK(mixed->children.size() == 1);
}

TEST_CASE("times go between HTTP's form and ISO's") {
  CHECK(iso_of_http_date("Wed, 21 Oct 2015 07:28:00 GMT") == "2015-10-21T07:28:00Z");
  CHECK(http_date_of_iso("2015-10-21T07:28:00.500Z") == "Wed, 21 Oct 2015 07:28:00 GMT");
  CHECK(http_date_of_iso("2024-02-29T23:59:59+01:00") == "Thu, 29 Feb 2024 22:59:59 GMT");
  for (const std::string_view wrong :
       {"", "now", "Wed, 21 Okt 2015 07:28:00 GMT", "Wed, 31 Feb 2015 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 CET", "Wed, 1 Oct 2015 07:28:00 GMT"}) {
    CAPTURE(wrong);
    CHECK_FALSE(iso_of_http_date(wrong).has_value());
  }
}

}  // namespace presso::server
