#include "server/integrations/task_parameters.h"

#include <utility>

namespace presso::server {

Error unusable_field(std::string reason) { return {"InvalidParameters", std::move(reason)}; }

Error missing_field(std::string_view name) {
  return unusable_field("The field '" + std::string{name} + "' is required but was missing");
}

run::Failure unusable_parameters(const std::string& parameters, const std::string& reason) {
  return {.error = "States.Runtime",
          .cause = "The Parameters '" + parameters + "' could not be used to start the Task: [" +
                   reason + "]"};
}

}  // namespace presso::server
