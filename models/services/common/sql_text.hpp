#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace soundcheck {

// A text as template argument: the name of a service whose tables share a form with others'.
template <std::size_t size>
struct FixedText {
  std::array<char, size> characters{};
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is what one wants to write
  constexpr FixedText(const char (&text)[size]) { std::copy_n(text, size, characters.begin()); }
  constexpr std::string_view view() const { return {characters.data(), size - 1}; }
};

namespace detail {
constexpr std::size_t count_of(std::string_view text, char wanted) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}
}  // namespace detail

// The SQL of a table that several services have: each $ of the pattern becomes the service's name,
// at compile time, so that the statement has the static storage that Sql asks for.
template <FixedText pattern, FixedText service>
inline constexpr auto kServiceSqlText = [] {
  constexpr std::size_t length =
      pattern.view().size() + detail::count_of(pattern.view(), '$') * (service.view().size() - 1);
  std::array<char, length> text{};
  std::size_t at = 0;
  for (const char c : pattern.view()) {
    if (c == '$') {
      for (const char s : service.view()) text[at++] = s;
    } else {
      text[at++] = c;
    }
  }
  return text;
}();

template <FixedText pattern, FixedText service>
constexpr std::string_view service_sql() {
  return {kServiceSqlText<pattern, service>.data(), kServiceSqlText<pattern, service>.size()};
}

// The same for a text that is not known at compile time, such as the schema of such a table.
inline std::string for_service(std::string_view pattern, std::string_view service) {
  std::string text;
  for (const char c : pattern) {
    if (c == '$') {
      text += service;
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace soundcheck
