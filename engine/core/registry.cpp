#include "engine/core/registry.h"

#include <algorithm>
#include <array>

#include "engine/core/core.h"

namespace presso::core {

namespace {

constexpr std::array<std::string_view, 8> kKinds = {kApiDestination, kArchive,       kConnection,
                                                    kEndpoint,       kPartnerSource, kReplay,
                                                    kSchedule,       kScheduleGroup};

// account "/" region "/" name, where the name may hold slashes of its own.
std::string key_of(const Caller& caller, std::string_view name) {
  return caller.account + "/" + caller.region + "/" + std::string{name};
}

}  // namespace

const Json* Registry::find(const Caller& caller, std::string_view kind,
                           std::string_view name) const {
  const Documents& documents = all(caller, kind);
  const auto it = documents.find(name);
  return it == documents.end() ? nullptr : &it->second;
}

const Registry::Documents& Registry::all(const Caller& caller, std::string_view kind) const {
  static const Documents kNone;
  const auto it = documents_.find({std::string{kind}, caller});
  return it == documents_.end() ? kNone : it->second;
}

void Registry::put(const Caller& caller, std::string_view kind, std::string_view name,
                   Json document) {
  core_.put_document(std::string{kind}, key_of(caller, name), document);
  documents_[{std::string{kind}, caller}][std::string{name}] = std::move(document);
}

void Registry::erase(const Caller& caller, std::string_view kind, std::string_view name) {
  const auto place = documents_.find({std::string{kind}, caller});
  if (place == documents_.end()) return;
  const auto it = place->second.find(name);
  if (it == place->second.end()) return;
  core_.erase_document(std::string{kind}, key_of(caller, name));
  place->second.erase(it);
}

std::vector<std::pair<Caller, const Json*>> Registry::everywhere(std::string_view kind) const {
  std::vector<std::pair<Caller, const Json*>> found;
  for (const auto& [place, documents] : documents_) {
    if (place.first != kind) continue;
    for (const auto& [name, document] : documents) found.emplace_back(place.second, &document);
  }
  return found;
}

bool Registry::knows(std::string_view kind) {
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

Result<void> Registry::restore(const DocumentRow& row, Json value) {
  const auto account_end = row.key.find('/');
  const auto region_end =
      account_end == std::string::npos ? account_end : row.key.find('/', account_end + 1);
  if (region_end == std::string::npos || !value.is_object()) {
    return Error{"DocumentCorrupt", "'" + row.key + "' names no account, region and resource"};
  }
  Caller caller{row.key.substr(0, account_end),
                row.key.substr(account_end + 1, region_end - account_end - 1)};
  documents_[{row.kind, std::move(caller)}][row.key.substr(region_end + 1)] = std::move(value);
  return {};
}

}  // namespace presso::core
