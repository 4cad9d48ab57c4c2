#include "sim/core/did_you_mean.hpp"

#include <algorithm>
#include <vector>

#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

constexpr std::size_t kLongestComparedName = 200;

char folded(char c) {
  return c == '_' ? '-' : in_lower_case(c);
}

std::string folded(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return folded(c); });
  return result;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
  }
  return current[b.size()];
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return in_lower_case(c); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string nearest_name(std::string_view typed, std::span<const std::string> names) {
  if (typed.empty() || typed.size() > kLongestComparedName) return "";
  const std::string wanted = folded(typed);
  std::string best;
  // Two edits turn any two letters into any other: short names must be nearer.
  std::size_t best_distance =
      std::max<std::size_t>(std::min<std::size_t>(2, typed.size() - 1), typed.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wanted, folded(name));
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace soundcheck
