#include "server/integrations/aws_json.h"

#include <doctest/doctest.h>

namespace presso::server {

TEST_CASE("the body of a message is a text, whatever the state gave") {
  CHECK(with_text_body(R"({"QueueUrl":"u","MessageBody":"plain"})") ==
        R"({"QueueUrl":"u","MessageBody":"plain"})");
  CHECK(with_text_body(R"({"MessageBody":{"a":[1,null]},"QueueUrl":"u"})") ==
        R"({"MessageBody":"{\"a\":[1,null]}","QueueUrl":"u"})");
  CHECK(with_text_body(R"({"MessageBody":null,"QueueUrl":"u"})") == R"({"QueueUrl":"u"})");
  CHECK(with_text_body(R"({"QueueUrl":"u"})") == R"({"QueueUrl":"u"})");
}

}  // namespace presso::server
