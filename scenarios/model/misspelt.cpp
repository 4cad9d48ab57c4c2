#include "scenarios/model/misspelt.hpp"

#include <algorithm>

namespace soundcheck {
namespace {

bool is_same(const SourcePosition& a, const SourcePosition& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

bool lies_at_or_below(const std::string& path, const std::string& top) {
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '.');
}

}  // namespace

bool MisspeltNames::correct(ParameterNode& root, const Mistakes& mistakes) {
  const std::size_t before = names_.size();
  for (const Mistake& mistake : mistakes) {
    if (!mistake.meant.empty()) correct_one(root, mistake);
  }
  return names_.size() > before;
}

bool MisspeltNames::correct_one(ParameterNode& node, const Mistake& mistake) {
  for (ParameterNode& item : node.items) {
    if (correct_one(item, mistake)) return true;
  }
  for (ParameterNode::Entry& entry : node.entries) {
    if (is_same(entry.name_position, mistake.position) && mistake.path.ends_with(entry.name)) {
      if (node.find(mistake.meant) != nullptr) return true;
      std::string path = mistake.path.substr(0, mistake.path.size() - entry.name.size());
      names_.push_back({mistake, path + mistake.meant});
      entry.name = mistake.meant;
      return true;
    }
    if (correct_one(entry.value, mistake)) return true;
  }
  return false;
}

void MisspeltNames::report(Mistakes& mistakes) const {
  const auto is_guess = [this](const std::string& path, bool or_at) {
    return std::ranges::any_of(names_, [&](const Name& name) {
      return lies_at_or_below(path, name.path) && (or_at || path != name.path);
    });
  };
  std::erase_if(mistakes, [&](const Mistake& mistake) { return is_guess(mistake.path, true); });
  for (const Name& name : names_) {
    const bool is_told = std::ranges::any_of(mistakes, [&](const Mistake& mistake) {
      return is_same(mistake.position, name.mistake.position);  // where an alias repeats it
    });
    if (!is_told && !is_guess(name.path, false)) mistakes.push_back(name.mistake);
  }
}

}  // namespace soundcheck
