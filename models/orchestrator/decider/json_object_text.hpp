#pragma once

#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Writes one JSON object as text, field by field, without building it first: rows are stored at
// every change, and most of a tree of values would be copied only to be written down.
class JsonObjectText {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;  // a name of ours, nothing to escape
    text_ += "\":";
    if constexpr (std::is_same_v<T, bool>) {
      text_ += value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
      const fmt::format_int digits(value);
      text_.append(digits.data(), digits.size());
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      add_text(value);
    } else if constexpr (std::is_same_v<T, Json>) {
      add_json(value);
    } else {
      add_json(Json(value));
    }
  }
  std::string take() {
    text_ += text_.empty() ? "{}" : "}";
    return std::move(text_);
  }

 private:
  void add_json(const Json& value) {
    if (const auto* text = value.get_ptr<const std::string*>()) {
      add_text(*text);
    } else if (value.is_object() && value.empty()) {
      text_ += "{}";
    } else if (value.is_null()) {
      text_ += "null";
    } else {
      text_ += value.dump();
    }
  }
  void add_text(std::string_view value) {
    for (const char c : value) {
      if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ||
          c == '"' || c == '\\') {
        text_ += Json(value).dump();
        return;
      }
    }
    text_ += '"';
    text_ += value;
    text_ += '"';
  }

  std::string text_;
};

}  // namespace soundcheck::conductor
