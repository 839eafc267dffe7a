#include "engine/core/tags.h"

#include <algorithm>

#include "base/json.h"
#include "engine/core/core.h"

namespace presso::core {

Result<void> Tags::put(const std::string& arn, const TagList& added) {
  if (added.empty()) return {};
  TagList tags = of(arn);
  for (const auto& tag : added) {
    const auto found = std::find_if(tags.begin(), tags.end(),
                                    [&](const auto& one) { return one.first == tag.first; });
    if (found == tags.end()) {
      tags.push_back(tag);
    } else {
      found->second = tag.second;
    }
  }
  if (tags.size() > kTagsPerResource) {
    return Error{"TooManyTags", "Exceeded tag limit for resource: '" + arn + "'"};
  }
  tags_[arn] = std::move(tags);
  store(arn);
  return {};
}

void Tags::remove(const std::string& arn, const std::vector<std::string>& keys) {
  const auto it = tags_.find(arn);
  if (it == tags_.end()) return;
  std::erase_if(it->second, [&](const auto& tag) {
    return std::find(keys.begin(), keys.end(), tag.first) != keys.end();
  });
  if (it->second.empty()) {
    forget(arn);
  } else {
    store(arn);
  }
}

TagList Tags::of(const std::string& arn) const {
  const auto it = tags_.find(arn);
  return it == tags_.end() ? TagList{} : it->second;
}

void Tags::forget(const std::string& arn) {
  if (tags_.erase(arn) > 0) core_.erase_document("tags", arn);
}

void Tags::store(const std::string& arn) {
  Json list = Json::array();
  for (const auto& [key, value] : tags_.at(arn)) list.push_back(Json::array({key, value}));
  core_.put_document("tags", arn, Json{{"tags", std::move(list)}});
}

Result<void> Tags::restore(const std::string& arn, const Json& value) {
  const Error corrupt{"DocumentCorrupt", "there is no list of tags"};
  const Json* list = find_member(value, "tags");
  if (list == nullptr || !list->is_array()) return corrupt;
  TagList tags;
  for (const Json& pair : *list) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      return corrupt;
    }
    tags.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  if (!tags.empty()) tags_[arn] = std::move(tags);
  return {};
}

}  // namespace presso::core
