// Which service's model an optimised integration, `arn:aws:states:::NAME:action`, calls by, and how
// its errors are named: "DynamoDB.AmazonDynamoDBException (Service: AmazonDynamoDBv2; …)".
#pragma once

#include <string_view>

namespace presso::models {

struct OptimisedService {
  std::string_view name;
  std::string_view model;    // of load_model
  std::string_view prefix;   // "DynamoDB"
  std::string_view service;  // "AmazonDynamoDBv2", as the first SDK for Java calls it
};

// Null for a service that is not in the table, or whose model does not have the action.
[[nodiscard]] const OptimisedService* find_optimised(std::string_view name,
                                                     std::string_view action);

}  // namespace presso::models
