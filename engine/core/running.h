// How many executions run, in all and of each machine: a machine that is deleted stays until its
// last one has ended.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace presso::core {

// A machine is named by its ARN; one with a label, "…:NAME/LABEL", is that of a Map Run's children,
// which count for the machine whose Map it is.
class Running {
 public:
  void add(std::string_view machine_arn, std::size_t count = 1);
  // Whether it was the machine's last.
  bool remove(std::string_view machine_arn);
  [[nodiscard]] bool has(std::string_view machine_arn) const;
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::map<std::string, std::size_t, std::less<>> of_machine_;  // those that ever had one
  std::size_t count_ = 0;
};

}  // namespace presso::core
