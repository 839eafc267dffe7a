// The first line is a path, the rest the document. Compiles, selects, finds, and places.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/json.h"
#include "lang/jsonpath/path.h"
#include "lang/jsonpath/reference.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace presso;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t line_end = text.find('\n');
  const auto path = jsonpath::Path::compile(text.substr(0, line_end));
  if (!path || line_end == std::string_view::npos) return 0;
  auto document = parse_json(text.substr(line_end + 1));
  if (!document) return 0;
  const auto selected = jsonpath::select(*path, *document);
  const Json* found = jsonpath::find(*path, *document);
  PRESSO_ASSERT(found == nullptr || (selected && *selected == *found));
  PRESSO_ASSERT(path->is_definite() || !selected || selected->is_array());
  if (!path->is_reference()) return 0;
  const auto placed = jsonpath::place(*path, *std::move(document), Json(1));
  if (!placed) return 0;
  const Json* value = jsonpath::find(*path, *placed);
  PRESSO_ASSERT(value != nullptr && *value == Json(1));
  return 0;
}
