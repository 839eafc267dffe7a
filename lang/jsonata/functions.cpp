#include "lang/jsonata/functions.h"

#include <algorithm>
#include <string>

namespace presso::jsonata {

namespace {

struct Registry {
  std::vector<Builtin> rows;  // sorted by name
  std::vector<std::string> names;
};

void add(std::vector<Builtin>& rows, std::vector<Builtin> more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

Registry registry_of(std::vector<Builtin> own) {
  Registry registry;
  std::vector<Builtin>& rows = registry.rows;
  rows = std::move(own);
  for (const auto group :
       {text_functions, pattern_functions, encoding_functions, number_functions, array_functions,
        object_functions, higher_order_functions, time_functions, misc_functions}) {
    add(rows, group());
  }
  // A dialect's own functions come first and win.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Builtin& a, const Builtin& b) { return a.name < b.name; });
  const auto same = [](const Builtin& a, const Builtin& b) { return a.name == b.name; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  for (Builtin& row : rows) {
    row.signature = Signature::parse(row.signature_text, 0);
    registry.names.emplace_back(row.name);
  }
  return registry;
}

const Registry& registry_of(Dialect dialect) {
  static const Registry latest = registry_of(eval_functions());
  static const Registry step_functions = registry_of(step_functions_functions());
  return dialect == Dialect::Latest ? latest : step_functions;
}

}  // namespace

const Builtin* find_builtin(std::string_view name, Dialect dialect) {
  const std::vector<Builtin>& rows = registry_of(dialect).rows;
  const auto found = std::lower_bound(
      rows.begin(), rows.end(), name,
      [](const Builtin& row, std::string_view wanted) { return row.name < wanted; });
  return found != rows.end() && found->name == name ? &*found : nullptr;
}

const std::vector<std::string>& builtin_names(Dialect dialect) {
  return registry_of(dialect).names;
}

}  // namespace presso::jsonata
