#include "api/error.h"

#include <algorithm>

#include "api/dispatch.h"
#include "base/json.h"

namespace presso::api {
namespace {

constexpr ErrorKind kStatesErrors[] = {
    {"ActivityAlreadyExists"},
    {"ActivityDoesNotExist"},
    {"ActivityLimitExceeded"},
    {"ActivityWorkerLimitExceeded"},
    {"ConflictException"},
    {"ExecutionAlreadyExists"},
    {"ExecutionDoesNotExist"},
    {"ExecutionLimitExceeded"},
    {"ExecutionNotRedrivable"},
    {"InvalidArn"},
    {"InvalidDefinition"},
    {"InvalidEncryptionConfiguration"},
    {"InvalidExecutionInput"},
    {"InvalidLoggingConfiguration"},
    {"InvalidName"},
    {"InvalidOutput"},
    {"InvalidToken"},
    {"InvalidTracingConfiguration"},
    {"KmsAccessDeniedException"},
    {"KmsInvalidStateException"},
    {"KmsThrottlingException"},
    {"MissingRequiredParameter"},
    {"ResourceNotFound"},
    {"ServiceQuotaExceededException"},
    {"StateMachineAlreadyExists"},
    {"StateMachineDeleting"},
    {"StateMachineDoesNotExist"},
    {"StateMachineLimitExceeded"},
    {"StateMachineTypeNotSupported"},
    {"TaskDoesNotExist"},
    {"TaskTimedOut"},
    {"TooManyTags"},
    {"ValidationException"},
};

constexpr ErrorKind kEventsErrors[] = {
    {"AccessDeniedException"},
    {"ConcurrentModificationException"},
    {"IllegalStatusException"},
    {"InternalException", 500},
    {"InvalidEventPatternException"},
    {"InvalidStateException"},
    {"LimitExceededException"},
    {"ManagedRuleException"},
    {"OperationDisabledException"},
    {"PolicyLengthExceededException"},
    {"ResourceAlreadyExistsException"},
    {"ResourceNotFoundException"},
    {"ThrottlingException"},
};

// What a store that cannot read answers with: not the caller's mistake.
constexpr std::string_view kOurFailures[] = {"InternalException", "InternalServerError",
                                             "CorruptHistory"};

}  // namespace

std::span<const ErrorKind> modelled_errors(Service service) {
  return service == Service::StepFunctions ? std::span<const ErrorKind>{kStatesErrors}
                                           : std::span<const ErrorKind>{kEventsErrors};
}

bool is_modelled(Service service, std::string_view error_code) {
  const auto errors = modelled_errors(service);
  return std::any_of(errors.begin(), errors.end(),
                     [&](const ErrorKind& kind) { return kind.name == error_code; });
}

int http_status_of(std::string_view error_code) {
  const bool is_ours = std::find(std::begin(kOurFailures), std::end(kOurFailures), error_code) !=
                       std::end(kOurFailures);
  return is_ours ? 500 : 400;
}

core::Answer error_answer(const Error& error) {
  return error_answer(error.code, error.message, http_status_of(error.code));
}

core::Answer error_answer(std::string code, std::string_view message, int http_status) {
  Json body = Json::object();
  body["__type"] = code;
  body["message"] = message;
  return {dump_json(body), std::move(code), http_status};
}

}  // namespace presso::api
