#include "lang/jsonpath/path.h"

#include <array>

#include "base/json.h"
#include "lang/jsonpath/compiler.h"
#include "lang/jsonpath/evaluate.h"

namespace presso::jsonpath {

namespace {

const Json* root_of(const Path& path, const Roots& roots) {
  switch (path.root()) {
    case Path::Root::Input: return roots.input();
    case Path::Root::Context: return roots.context();
    case Path::Root::Variable: return roots.variable(path.variable());
  }
  return nullptr;
}

const Json* find_in_context(const Program& program, const Roots& roots) {
  std::array<std::string_view, 3> first;
  std::size_t count = 0;
  for (const Step& step : program.steps) {
    const auto* names = std::get_if<Names>(&step);
    if (names == nullptr || count == first.size()) break;
    first[count++] = names->names.front();
  }
  const Roots::Part part = roots.context_part(std::span{first}.first(count));
  return part.value == nullptr ? nullptr : follow(program, *part.value, part.names);
}

}  // namespace

Result<Path> Path::compile(std::string_view text) {
  auto program = compile_path(text);
  if (!program) return program.error();
  return Path{*std::move(program)};
}

const std::string& Path::text() const { return program_->text; }
Path::Root Path::root() const { return program_->root; }
const std::string& Path::variable() const { return program_->variable; }
bool Path::is_definite() const { return program_->is_definite; }
bool Path::is_reference() const { return program_->is_reference; }
bool Path::is_root() const { return program_->steps.empty() && program_->root == Root::Input; }

Result<Json> select(const Path& path, const Json& root_value) {
  if (const Json* value = find(path, root_value)) return *value;
  Budget budget;
  return evaluate(path.program(), {root_value, root_value, budget});
}

Result<Json> select(const Path& path, const Roots& roots) {
  if (path.root() == Path::Root::Context) {
    if (const Json* value = find(path, roots)) return *value;
  }
  const Json* root = root_of(path, roots);
  if (root != nullptr) return select(path, *root);
  if (path.root() != Path::Root::Variable) {
    return Error{"PathNotFound", "No results for path: $"};
  }
  return Error{"PathNotFound", "Variable '$" + path.variable() + "' is not assigned"};
}

const Json* find(const Path& path, const Json& root_value) {
  const Program& program = path.program();
  return program.is_pointer ? follow(program, root_value) : nullptr;
}

const Json* find(const Path& path, const Roots& roots) {
  if (path.root() == Path::Root::Context) {
    const Program& program = path.program();
    return program.is_pointer ? find_in_context(program, roots) : nullptr;
  }
  const Json* root = root_of(path, roots);
  return root == nullptr ? nullptr : find(path, *root);
}

}  // namespace presso::jsonpath
