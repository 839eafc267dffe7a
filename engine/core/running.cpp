#include "engine/core/running.h"

#include "base/assert.h"
#include "engine/core/names.h"

namespace presso::core {

void Running::add(std::string_view machine_arn, std::size_t count) {
  if (count == 0) return;
  count_ += count;
  const std::string_view machine = without_label(machine_arn);
  const auto it = of_machine_.find(machine);
  if (it == of_machine_.end()) {
    of_machine_.emplace(machine, count);
  } else {
    it->second += count;
  }
}

bool Running::remove(std::string_view machine_arn) {
  const auto it = of_machine_.find(without_label(machine_arn));
  PRESSO_ASSERT(it != of_machine_.end());
  --count_;
  return --it->second == 0;
}

bool Running::has(std::string_view machine_arn) const {
  const auto it = of_machine_.find(without_label(machine_arn));
  return it != of_machine_.end() && it->second > 0;
}

}  // namespace presso::core
