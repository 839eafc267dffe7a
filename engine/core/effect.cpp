#include "engine/core/effect.h"

namespace presso::core {

namespace {

std::size_t size_of(const std::optional<std::string>& text) { return text ? text->size() : 0; }

}  // namespace

std::string Published::envelope() const {
  const auto* event = std::get_if<bus::SharedEvent>(&content);
  if (event != nullptr) return bus::envelope_text(**event);
  return bus::envelope_text(status_event(*std::get<SharedChange>(content)));
}

const std::string& Published::id() const {
  const auto* event = std::get_if<bus::SharedEvent>(&content);
  return event != nullptr ? (*event)->id : std::get<SharedChange>(content)->id;
}

bool Published::mentions(std::string_view text) const {
  if (const auto* change = std::get_if<SharedChange>(&content)) {
    return (*change)->execution_arn.find(text) != std::string::npos;
  }
  return envelope().find(text) != std::string::npos;
}

std::size_t size_bytes(const Published::Content& content) {
  if (const auto* shared = std::get_if<bus::SharedEvent>(&content)) {
    const bus::Event& event = **shared;
    std::size_t size = sizeof event + event.id.size() + event.detail_type.size() +
                       event.source.size() + event.detail.size();
    for (const std::string& resource : event.resources) size += resource.size();
    return size;
  }
  const StatusChange& change = *std::get<SharedChange>(content);
  return sizeof change + change.id.size() + change.execution_arn.size() +
         change.machine_arn.size() + change.name.size() + size_of(change.input) +
         size_of(change.output) + size_of(change.failure.error) + size_of(change.failure.cause);
}

}  // namespace presso::core
