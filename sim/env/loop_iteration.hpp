#pragma once

#include <cstddef>
#include <string_view>

namespace soundcheck {

// The name of a task with the number of its round, as Conductor writes it of tasks in a loop:
// "pay__3" is the third round of "pay".
struct LoopedName {
  std::string_view name;
  std::string_view iteration;  // "__3"; empty outside of loops
};

constexpr LoopedName split_iteration(std::string_view reference) {
  const std::size_t mark = reference.rfind("__");
  const bool counted =
      mark != std::string_view::npos && mark + 2 < reference.size() &&
      reference.find_first_not_of("0123456789", mark + 2) == std::string_view::npos;
  if (!counted) return {reference, {}};
  return {reference.substr(0, mark), reference.substr(mark)};
}

}  // namespace soundcheck
