#include "server/explain_command.h"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iterator>
#include <ostream>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "bus/explain.h"
#include "server/http_client.h"

namespace presso::server {
namespace {

struct Explained {
  std::string pattern;  // a file
  std::string event;    // a file
  std::string id;
  std::string bus;
  std::string rule;
  std::string endpoint = "http://127.0.0.1:4566";
};

Error not_explained(std::string message) { return Error{"NotExplained", std::move(message)}; }

Result<std::string> text_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return not_explained("cannot read " + path);
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

Result<Json> event_of_file(const std::string& path) {
  const auto text = text_of_file(path);
  if (!text) return text.error();
  auto event = parse_json(*text);
  if (!event) return not_explained(path + ": " + event.error().message);
  if (!event->is_object()) return not_explained(path + " is no JSON object");
  return event;
}

Result<std::string> explain_here(const Explained& asked) {
  const auto event = event_of_file(asked.event);
  if (!event) return event.error();
  const auto text = text_of_file(asked.pattern);
  if (!text) return text.error();
  const auto pattern = bus::Pattern::compile(*text);
  if (!pattern) return not_explained(asked.pattern + ": " + pattern.error().message);
  return dump_json(bus::explain(*pattern, *event));
}

Result<std::string> explain_there(const Explained& asked) {
  Json body = Json::object();
  if (asked.event.empty()) {
    body["event"] = asked.id;
  } else {
    auto event = event_of_file(asked.event);
    if (!event) return event.error();
    body["event"] = *std::move(event);
  }
  if (!asked.bus.empty()) body["bus"] = asked.bus;
  if (!asked.rule.empty()) body["rule"] = asked.rule;
  const std::string url = asked.endpoint + "/_presso/explain";
  if (!parse_url(url)) return not_explained(asked.endpoint + " is no http: or https: URL");

  boost::asio::io_context io;
  HttpClient client{io};
  OutboundResult result = NoResponse{};
  const auto exchange = client.send(
      {.url = url, .headers = {{"Content-Type", "application/json"}}, .body = dump_json(body)},
      [&](OutboundResult answer) {
        result = std::move(answer);
        io.stop();
      });
  io.run();
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return not_explained("no answer from " + asked.endpoint + ": " + none->reason);
  }
  auto& answer = std::get<OutboundResponse>(result);
  if (answer.status == 200) return std::move(answer.body);
  const auto refusal = parse_json(answer.body);
  const std::string* message = refusal ? as_string(find_member(*refusal, "message")) : nullptr;
  return not_explained(message == nullptr ? answer.body : *message);
}

}  // namespace

int explain_command(std::span<const std::string> arguments, std::ostream& out, std::ostream& err) {
  Explained asked;
  CLI::App app{"Why an event matches a rule, or does not.", "presso explain"};
  CLI::Option* pattern = app.add_option("--pattern", asked.pattern, "An event pattern; no server.");
  CLI::Option* event = app.add_option("--event", asked.event, "The event, as JSON.");
  CLI::Option* id = app.add_option("--id", asked.id, "The id of an event that passed.");
  CLI::Option* bus = app.add_option("--bus", asked.bus, "The bus's name or ARN.");
  CLI::Option* rule = app.add_option("--rule", asked.rule, "One rule instead of all of the bus.");
  CLI::Option* endpoint = app.add_option("--endpoint", asked.endpoint, "The server's URL.");
  pattern->type_name("FILE")->needs(event)->excludes(bus)->excludes(rule)->excludes(endpoint);
  event->type_name("FILE")->excludes(id);
  endpoint->capture_default_str();
  std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    out << app.help();
    return 0;
  } catch (const CLI::ParseError& error) {
    err << "presso: " << error.what() << "\n";
    return 2;
  }
  if (asked.event.empty() && asked.id.empty()) {
    err << "presso: --event or --id is required\n";
    return 2;
  }
  const auto answer = asked.pattern.empty() ? explain_there(asked) : explain_here(asked);
  if (!answer) {
    err << "presso: " << answer.error().message << "\n";
    return 1;
  }
  out << *answer << "\n";
  return 0;
}

}  // namespace presso::server
