// Definitions that several tests run.
#pragma once

#include <string_view>

namespace presso::test {

inline constexpr std::string_view kPass = R"({
  "StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}})";

inline constexpr std::string_view kWaitTenSeconds = R"({
  "StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 10, "End": true}}})";

// Calls the outside.
inline constexpr std::string_view kGetItem = R"({
  "StartAt": "Get", "States": {"Get": {
    "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
    "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}}, "End": true}}})";

// Tells its token on the bus and waits five minutes for an answer.
inline constexpr std::string_view kAsk = R"({
  "StartAt": "Ask", "States": {
    "Ask": {
      "Type": "Task", "Resource": "arn:aws:states:::events:putEvents.waitForTaskToken",
      "HeartbeatSeconds": 300,
      "Parameters": {"Entries": [{
        "Detail": {"Message": "Well?", "TaskToken.$": "$$.Task.Token"},
        "DetailType": "Asked", "EventBusName": "Serverlesspresso", "Source": "test.ask"}]},
      "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}],
      "End": true},
    "Late": {"Type": "Pass", "Result": "late", "End": true}}})";

// Never ends, unless somebody asks.
inline constexpr std::string_view kLoop = R"({
  "StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "B": {"Type": "Choice", "Default": "A",
          "Choices": [{"Variable": "$.enough", "IsPresent": true, "Next": "C"}]},
    "C": {"Type": "Succeed"}}})";

}  // namespace presso::test
