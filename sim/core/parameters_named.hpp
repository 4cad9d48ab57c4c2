#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soundcheck {

// Values by name in the order in which they were written (names are interned in scenario order, so
// it matters).
template <typename T>
class Named {
 public:
  using Item = std::pair<std::string, T>;

  Named() = default;
  Named(std::initializer_list<Item> items) : items_(items) {}

  const T* find(std::string_view name) const {
    const auto at = std::ranges::find(items_, name, &Item::first);
    return at == items_.end() ? nullptr : &at->second;
  }
  T* find(std::string_view name) { return const_cast<T*>(std::as_const(*this).find(name)); }
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  // The value of that name, added at the end if there was none.
  T& at_or_add(std::string_view name) {
    if (T* value = find(name)) return *value;
    return items_.emplace_back(std::string(name), T{}).second;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Item& item : items_) result.push_back(item.first);
    return result;
  }

  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  bool operator==(const Named&) const = default;

 private:
  std::vector<Item> items_;
};

}  // namespace soundcheck
