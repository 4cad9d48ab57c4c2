#include "models/orchestrator/decider/json_path.hpp"

#include <algorithm>
#include <utility>

namespace soundcheck::conductor {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

bool compare(const Json& left, const std::string& relation, const Json& right) {
  if (relation == "==") return left == right;
  if (relation == "!=") return left != right;
  if (relation == "in") {
    return right.is_array() && std::find(right.begin(), right.end(), left) != right.end();
  }
  const bool comparable =
      (left.is_number() && right.is_number()) || (left.is_string() && right.is_string());
  if (!comparable) return false;
  if (relation == "<") return left < right;
  if (relation == "<=") return left <= right;
  if (relation == ">") return left > right;
  return left >= right;
}

std::optional<std::size_t> position(std::int64_t index, std::size_t size) {
  const std::int64_t at = index < 0 ? index + static_cast<std::int64_t>(size) : index;
  if (at < 0 || at >= static_cast<std::int64_t>(size)) return std::nullopt;
  return static_cast<std::size_t>(at);
}

}  // namespace

const std::string* JsonPath::member(std::size_t step) const {
  const auto* member = step < steps_.size() ? std::get_if<Member>(&steps_[step]) : nullptr;
  return member ? &member->name : nullptr;
}

const Json* JsonPath::find(const Json& document, std::size_t first) const {
  const Json* value = &document;
  for (std::size_t i = first; i < steps_.size(); ++i) {
    if (const auto* member = std::get_if<Member>(&steps_[i])) {
      if (!value->is_object()) return nullptr;
      const auto it = value->find(member->name);
      if (it == value->end()) return nullptr;
      value = &*it;
    } else {
      const auto* index = std::get_if<Index>(&steps_[i]);
      if (!index || !value->is_array()) return nullptr;
      const auto at = position(index->index, value->size());
      if (!at) return nullptr;
      value = &(*value)[*at];
    }
  }
  return value;
}

Json JsonPath::read(const Json& document, std::size_t first) const {
  if (definite_ && !calls_) {
    const Json* value = find(document, first);
    return value ? *value : Json();
  }
  std::vector<const Json*> found;
  apply(document, first, found);
  if (calls_) return call(std::get<Function>(steps_.back()).name, found, definite_);
  Json list = Json::array();
  for (const Json* value : found) list.push_back(*value);
  return list;
}

void JsonPath::apply(const Json& value, std::size_t step, std::vector<const Json*>& found) const {
  if (step == steps_.size() || std::holds_alternative<Function>(steps_[step])) {
    found.push_back(&value);
    return;
  }
  const auto descend = [&](const Json& next) { apply(next, step + 1, found); };
  const auto at = [&](std::int64_t index) {
    const auto place = value.is_array() ? position(index, value.size()) : std::nullopt;
    if (place) descend(value[*place]);
  };
  const auto named = [&](const std::string& name) {
    if (!value.is_object()) return;
    if (const auto it = value.find(name); it != value.end()) descend(*it);
  };
  std::visit(Overloaded{
                 [&](const Member& member) { named(member.name); },
                 [&](const Index& index) { at(index.index); },
                 [&](const Indices& list) {
                   for (const std::int64_t index : list.indices) at(index);
                 },
                 [&](const Members& list) {
                   for (const std::string& name : list.names) named(name);
                 },
                 [&](const Slice& slice) {
                   if (!value.is_array()) return;
                   const auto size = static_cast<std::int64_t>(value.size());
                   const auto bound = [&](std::int64_t index) {
                     return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
                   };
                   const std::int64_t end = slice.to ? bound(*slice.to) : size;
                   for (std::int64_t i = bound(slice.from.value_or(0)); i < end; ++i) {
                     descend(value[static_cast<std::size_t>(i)]);
                   }
                 },
                 [&](const Wildcard&) {
                   if (value.is_structured())
                     for (const Json& element : value) descend(element);
                 },
                 [&](const DeepScan&) {
                   descend(value);
                   if (value.is_structured())
                     for (const Json& element : value) apply(element, step, found);
                 },
                 [&](const Filter& filter) {
                   if (value.is_array()) {
                     for (const Json& element : value)
                       if (holds(*filter.condition, element)) descend(element);
                   } else if (value.is_object() && holds(*filter.condition, value)) {
                     descend(value);
                   }
                 },
                 [](const Function&) {},
             },
             steps_[step]);
}

bool JsonPath::holds(const Comparison& condition, const Json& element) {
  using Kind = Comparison::Kind;
  const auto value_of = [&](const Operand& operand) -> Json {
    if (const auto* constant = std::get_if<Json>(&operand)) return *constant;
    return std::get<std::shared_ptr<const JsonPath>>(operand)->read(element);
  };
  switch (condition.kind) {
    case Kind::kAnd:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& part) { return holds(*part, element); });
    case Kind::kOr:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& part) { return holds(*part, element); });
    case Kind::kNot:
      return !holds(*condition.parts.front(), element);
    case Kind::kCompare:
      return compare(value_of(condition.left), condition.relation, value_of(condition.right));
    case Kind::kExists:
      break;
  }
  const auto* path = std::get_if<std::shared_ptr<const JsonPath>>(&condition.left);
  if (!path) return false;
  std::vector<const Json*> found;
  (*path)->apply(element, 0, found);
  return !found.empty();
}

Json JsonPath::call(const std::string& function, const std::vector<const Json*>& found,
                    bool definite) {
  // A definite path names one value; an indefinite one the list of what it found.
  Json list = Json::array();
  if (!definite) {
    for (const Json* value : found) list.push_back(*value);
  } else if (found.empty()) {
    return {};
  }
  const Json& value = definite ? *found.front() : list;
  if (function == "length" || function == "size") {
    if (value.is_string()) return value.get_ref<const std::string&>().size();
    return value.is_structured() ? Json(value.size()) : Json();
  }
  if (function == "keys") {
    Json keys = Json::array();
    if (value.is_object())
      for (const auto& [key, unused] : value.items()) keys.push_back(key);
    return keys;
  }
  if (!value.is_array() || value.empty()) return {};
  if (function == "first") return value.front();
  if (function == "last") return value.back();
  double sum = 0, least = 0, most = 0;
  std::size_t count = 0;
  for (const Json& element : value) {
    if (!element.is_number()) continue;
    const double number = element.get<double>();
    least = count == 0 ? number : std::min(least, number);
    most = count == 0 ? number : std::max(most, number);
    sum += number;
    ++count;
  }
  if (count == 0) return {};
  if (function == "min") return least;
  if (function == "max") return most;
  if (function == "sum") return sum;
  return sum / static_cast<double>(count);
}

}  // namespace soundcheck::conductor
