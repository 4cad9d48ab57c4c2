#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"

namespace soundcheck {

// Numbers names densely in the order in which they are met, so that entries about them can stand in
// a vector. A look-up is two loads.
class NameTable {
 public:
  std::uint32_t number_of(NameId name) {
    const std::uint32_t index = name.index();
    if (index < numbers_.size() && numbers_[index] != kUnmet) return numbers_[index];
    return add(name);
  }
  NameId operator[](std::uint32_t number) const { return names_[number]; }
  std::size_t size() const { return names_.size(); }

 private:
  static constexpr std::uint32_t kUnmet = ~std::uint32_t{0};

  std::uint32_t add(NameId name) {
    const auto number = static_cast<std::uint32_t>(names_.size());
    if (name.valid()) {
      if (name.index() >= numbers_.size()) numbers_.resize(name.index() + 1, kUnmet);
      numbers_[name.index()] = number;
    } else if (number_of_invalid_ != kUnmet) {
      return number_of_invalid_;
    } else {
      number_of_invalid_ = number;
    }
    names_.push_back(name);
    return number;
  }

  std::vector<std::uint32_t> numbers_;
  std::vector<NameId> names_;
  std::uint32_t number_of_invalid_ = kUnmet;
};

}  // namespace soundcheck
