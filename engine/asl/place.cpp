#include "engine/asl/place.h"

#include <algorithm>
#include <utility>

#include "engine/asl/limits.h"

namespace presso::asl {
namespace {

std::string shortened(std::string_view name) {
  if (name.size() <= kLocationNameBytes) return std::string{name};
  return std::string{name.substr(0, kLocationNameBytes)} + "...";
}

bool is_full(const std::vector<Diagnostic>& diagnostics, Severity severity) {
  const auto same = std::count_if(diagnostics.begin(), diagnostics.end(),
                                  [&](const Diagnostic& it) { return it.severity == severity; });
  return static_cast<std::size_t>(same) >= kDiagnosticsPerSeverity;
}

}  // namespace

std::string Place::text() const {
  std::vector<const Place*> chain;
  const Place* root = this;
  for (; root->parent_ != nullptr; root = root->parent_) chain.push_back(root);
  if (chain.empty() && root->name_.empty()) return "/";
  std::string text{root->name_};
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    if (!(*it)->name_.empty() || !(*it)->is_element_) text += "/" + shortened((*it)->name_);
    if ((*it)->is_element_) text += "[" + std::to_string((*it)->index_) + "]";
  }
  return text;
}

void report(std::vector<Diagnostic>& diagnostics, Diagnostic diagnostic) {
  if (is_full(diagnostics, diagnostic.severity)) return;
  diagnostics.push_back(std::move(diagnostic));
}

void report_fault(std::vector<Diagnostic>& diagnostics, const Place& place, std::string message,
                  std::string_view code) {
  if (is_full(diagnostics, Severity::Error)) return;
  diagnostics.push_back({.severity = Severity::Error,
                         .code = std::string{code},
                         .message = std::move(message),
                         .location = place.text()});
}

}  // namespace presso::asl
