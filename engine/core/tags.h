// Tags of resources, whatever they are: a list of names with values for each ARN.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-tagging.html
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"

namespace presso::core {

class Core;

using TagList = std::vector<std::pair<std::string, std::string>>;  // as they came

// AWS: of one resource.
inline constexpr std::size_t kTagsPerResource = 50;

class Tags {
 public:
  explicit Tags(Core& core) : core_(core) {}

  // A name that is there gets the new value and keeps its place. TooManyTags: nothing changes.
  [[nodiscard]] Result<void> put(const std::string& arn, const TagList&);
  void remove(const std::string& arn, const std::vector<std::string>& keys);
  [[nodiscard]] TagList of(const std::string& arn) const;
  // The resource is gone.
  void forget(const std::string& arn);

  // From a document of the kind "tags".
  [[nodiscard]] Result<void> restore(const std::string& arn, const Json& value);

 private:
  void store(const std::string& arn);

  Core& core_;
  std::map<std::string, TagList, std::less<>> tags_;  // by ARN; none is empty
};

}  // namespace presso::core
