// What the handlers of named resources share: a resource is a document of the registry with the
// members of its Describe operation, so an answer is the document, decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/decode.h"
#include "api/encode.h"
#include "api/events/paging.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"

namespace presso::api::events {

[[nodiscard]] inline Error not_found(std::string message) {
  return {"ResourceNotFoundException", std::move(message)};
}
[[nodiscard]] inline Error already_exists(std::string message) {
  return {"ResourceAlreadyExistsException", std::move(message)};
}
[[nodiscard]] inline Error not_valid(std::string message) {
  return {"ValidationException", std::move(message)};
}

// "arn:aws:events:REGION:ACCOUNT:RESOURCE"
[[nodiscard]] inline std::string events_arn(const core::Caller& caller, std::string resource) {
  return "arn:aws:events:" + caller.region + ":" + caller.account + ":" + std::move(resource);
}
// What stands behind `type` in the resource of the caller's own ARN; empty for another ARN.
[[nodiscard]] inline std::string name_in_arn(const core::Caller& caller, std::string_view arn,
                                             std::string_view type) {
  const std::string prefix = events_arn(caller, std::string{type});
  return arn.starts_with(prefix) ? std::string{arn.substr(prefix.size())} : std::string{};
}

// Members of `request` that are given replace those of the document.
inline void merge(Json& document, const Json& request) {
  for (const auto& [name, value] : request.items()) document[name] = value;
}

// The resources whose names begin with the prefix and of which `wanted` is true, as items of a
// list.
template <class Item, class Wanted>
[[nodiscard]] Result<Page<Item>> list_documents(const core::Registry::Documents& documents,
                                                const std::string& prefix, const PageToken& token,
                                                const PageRequest& request, Wanted wanted) {
  std::vector<std::pair<std::string, const Json*>> named;
  for (const auto& [name, document] : documents) {
    if (name.starts_with(prefix) && wanted(document)) named.emplace_back(name, &document);
  }
  auto page = make_page(std::move(named), token, request,
                        [](const std::pair<std::string, const Json*>& one) { return one.first; });
  if (!page) return page.error();
  Page<Item> items;
  items.next_token = std::move(page->next_token);
  for (const auto& [name, document] : page->items) {
    auto item = decode<Item>(*document);
    if (!item) return item.error();
    items.items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace presso::api::events
