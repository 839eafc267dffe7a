#include "server/integrations/aws_json.h"

#include <doctest/doctest.h>

namespace presso::server {

TEST_CASE("the body of a message is a text, whatever the state gave") {
  CHECK(with_text_member(R"({"QueueUrl":"u","MessageBody":"plain"})", "MessageBody") ==
        R"({"QueueUrl":"u","MessageBody":"plain"})");
  CHECK(with_text_member(R"({"MessageBody":{"a":[1,null]},"QueueUrl":"u"})", "MessageBody") ==
        R"({"MessageBody":"{\"a\":[1,null]}","QueueUrl":"u"})");
  CHECK(with_text_member(R"({"MessageBody":null,"QueueUrl":"u"})", "MessageBody") ==
        R"({"QueueUrl":"u"})");
  CHECK(with_text_member(R"({"QueueUrl":"u"})", "MessageBody") == R"({"QueueUrl":"u"})");
}

}  // namespace presso::server
