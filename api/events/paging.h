// Pages of EventBridge's lists, which all lie in memory, ordered by a key that is a text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/limits.h"
#include "api/page.h"
#include "base/json.h"
#include "base/result.h"

namespace presso::api::events {

struct PageRequest {
  const std::optional<std::string>& next_token;
  const std::optional<std::int64_t>& limit;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_token;
};

[[nodiscard]] inline Error invalid_next_token() {
  return {"ValidationException", "Parameter NextToken is not valid."};
}

// The items of `all` behind the token's key, as many as the request wants.
template <class T, class KeyOf>
[[nodiscard]] Result<Page<T>> make_page(std::vector<T> all, const PageToken& token,
                                        const PageRequest& request, KeyOf key_of) {
  const auto place = token.read(request.next_token, invalid_next_token());
  if (!place) return place.error();
  const std::string* after = as_string(&*place);
  if (after == nullptr && !place->is_null()) return invalid_next_token();
  const std::size_t size = page_size(request.limit, kDefaultEventsPage);
  Page<T> page;
  for (T& item : all) {
    if (after != nullptr && key_of(item) <= *after) continue;
    if (page.items.size() == size) {
      page.next_token = token.make(Json(key_of(page.items.back())));
      break;
    }
    page.items.push_back(std::move(item));
  }
  return page;
}

}  // namespace presso::api::events
