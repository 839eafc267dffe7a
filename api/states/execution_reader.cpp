#include "api/states/execution_reader.h"

#include "base/json.h"
#include "engine/core/names.h"

namespace presso::api::states {

Result<core::ExecutionRow> find_execution(core::Reader& reader, const core::Caller& caller,
                                          const std::string& execution_arn) {
  if (const auto arn = core::check_arn(execution_arn, "execution"); !arn) return arn.error();
  const auto name = core::parse_execution_arn(execution_arn);
  if (name && core::belongs_to(execution_arn, caller)) {
    auto row = reader.find(*name);
    if (!row) return store_failure(row.error());
    if (*row) return **std::move(row);
  }
  return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + execution_arn + "'"};
}

Error store_failure(const Error& error) {
  return {"InternalServerError", "The store could not be read: " + error.message};
}

std::optional<std::uint64_t> whole_place(const Json& json) {
  if (!json.is_number_unsigned()) return {};
  return json.get<std::uint64_t>();
}

}  // namespace presso::api::states
