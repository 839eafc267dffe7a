// The operations of S3 that tasks can call, and where their parameters and results stand in HTTP.
// Adding one is adding a row. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
#pragma once

#include <span>
#include <string_view>

#include "server/integrations/s3_values.h"

namespace presso::server {

// The path: "/", "/BUCKET", "/BUCKET/KEY".
enum class S3Place { Service, Bucket, Object };

// What the request's body is made of: the member Body, or a member as XML.
enum class S3Payload { None, Body, Document };

// What the result shows beside the answer's headers.
enum class S3Answer {
  Plain,     // nothing
  Entity,    // also the headers that describe the object
  Body,      // those, and the body as a text
  Members,   // the children of the answer's XML
  Document,  // its XML under the root's name
};

struct S3Operation {
  std::string_view action;  // "getObject"
  std::string_view method;
  S3Place place = S3Place::Object;
  std::string_view query;  // "list-type=2"; may be empty
  S3Payload payload = S3Payload::None;
  std::string_view payload_member;  // of Document; also the XML's root
  S3Answer answer = S3Answer::Plain;
};

// Null for an action that is not in the table.
[[nodiscard]] const S3Operation* find_s3_operation(std::string_view action);

enum class S3Location { Header, Query };

// A parameter. No name means two things in two operations, so that one list does for all.
struct S3Parameter {
  std::string_view member;  // in the spelling of S3's model
  S3Location location = S3Location::Header;
  std::string_view name;
  S3Kind kind = S3Kind::Text;
};

// Null for an unknown one. Letter case does not count: S3's model says ACL and SSEKMSKeyId where
// Step Functions says Acl and SsekmsKeyId.
[[nodiscard]] const S3Parameter* find_s3_parameter(std::string_view member);

// A header of an answer, in the order of the members.
struct S3ResultHeader {
  std::string_view member;  // in the spelling of Step Functions
  std::string_view name;
  S3Kind kind = S3Kind::Text;
  bool is_entity = false;  // describes an object: shown by Entity and Body alone
};

[[nodiscard]] std::span<const S3ResultHeader> s3_result_headers();

}  // namespace presso::server
