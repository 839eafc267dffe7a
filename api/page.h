// Pages of lists: opaque tokens that say where the next page begins, and of which list.
//
// A token is the base64 of {"of": digest of the list, "at": place}. The list is named by its
// operation, its caller and every argument but the token and the page size, so that a token used
// with other arguments is refused, as AWS refuses it. Places are keys, not offsets: a page does not
// shift when something before it comes or goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/core/caller.h"

namespace presso::api {

class PageToken {
 public:
  // `arguments` is whatever tells this list from another one.
  PageToken(const core::Caller&, std::string_view operation, const Json& arguments);

  [[nodiscard]] std::string make(const Json& place) const;
  // Null for no token. Error: `refusal`, for anything that `make` did not make for this list.
  [[nodiscard]] Result<Json> read(const std::optional<std::string>& token,
                                  const Error& refusal) const;

 private:
  std::string digest_;
};

// "Invalid Token: 'Invalid token'".
[[nodiscard]] Error invalid_token();

// 0 and nothing mean the default.
[[nodiscard]] std::size_t page_size(const std::optional<std::int64_t>& max_results,
                                    std::size_t default_size);

}  // namespace presso::api
