#pragma once

#include <string>

namespace soundcheck {

// Letters and digits of ASCII, of which the names in scenarios, SQL and HTTP are made. What the
// machine's locale says of others, and the bytes of other scripts, count for nothing.
constexpr bool is_lower_case(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper_case(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_lower_case(c) || is_upper_case(c);
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr char in_lower_case(char c) {
  return is_upper_case(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char in_upper_case(char c) {
  return is_lower_case(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
inline std::string in_lower_case(std::string text) {
  for (char& c : text) c = in_lower_case(c);
  return text;
}
inline std::string in_upper_case(std::string text) {
  for (char& c : text) c = in_upper_case(c);
  return text;
}

}  // namespace soundcheck
