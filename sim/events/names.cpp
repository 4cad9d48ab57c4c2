#include "sim/events/names.hpp"

namespace soundcheck {

NameId Names::intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  const NameId id(static_cast<std::uint32_t>(texts_.size()));
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

std::string_view Names::text(NameId name) const {
  return name.index() < texts_.size() ? std::string_view(texts_[name.index()]) : std::string_view();
}

}  // namespace soundcheck
