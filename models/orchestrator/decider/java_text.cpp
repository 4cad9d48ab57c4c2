#include "models/orchestrator/decider/java_text.hpp"

#include <charconv>
#include <cmath>

namespace soundcheck::conductor {

namespace {

// Double.toString: digits with a point between 1e-3 and 1e7, else computerised scientific notation.
std::string java_double(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  const double magnitude = std::fabs(value);
  const bool plain = magnitude >= 1e-3 && magnitude < 1e7;
  char buffer[64];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
  std::string text(buffer, end);
  if (plain) return text.find('.') == std::string::npos ? text + ".0" : text;
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') == std::string::npos) mantissa += ".0";
  int exponent = 0;
  const char* first = text.data() + e + 1;
  if (*first == '+') ++first;
  std::from_chars(first, text.data() + text.size(), exponent);
  return mantissa + "E" + std::to_string(exponent);
}

}  // namespace

std::string java_text(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string:
      return value.get_ref<const std::string&>();
    case Json::value_t::number_float:
      return java_double(value.get<double>());
    case Json::value_t::object: {
      std::string text = "{";
      for (auto it = value.begin(); it != value.end(); ++it) {
        if (text.size() > 1) text += ", ";
        text += it.key() + "=" + java_text(it.value());
      }
      return text + "}";
    }
    case Json::value_t::array: {
      std::string text = "[";
      for (const Json& element : value) {
        if (text.size() > 1) text += ", ";
        text += java_text(element);
      }
      return text + "]";
    }
    default:
      return value.dump();  // null, true, 17
  }
}

}  // namespace soundcheck::conductor
