#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// A text of which the empty one is null.
struct TextOrNull {
  std::string_view text;
};

// Writes one JSON object as text, field by field, without building it first: rows are stored at
// every change, and most of a tree of values would be copied only to be written down.
class JsonObjectText {
 public:
  JsonObjectText() { text_.reserve(kUsualSize); }
  template <class T>
  void operator()(std::string_view name, const T& value) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;  // a name of ours, nothing to escape
    text_ += "\":";
    if constexpr (std::is_same_v<T, TextOrNull>) {
      if (value.text.empty())
        text_ += "null";
      else
        add_text(value.text);
    } else if constexpr (std::is_same_v<T, bool>) {
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
    switch (value.type()) {
      case Json::value_t::object:
        add_members(value);
        return;
      case Json::value_t::string:
        add_text(value.get_ref<const std::string&>());
        return;
      case Json::value_t::null:
        text_ += "null";
        return;
      default:
        text_ += value.dump();
    }
  }
  void add_members(const Json& object) {
    char before = '{';
    for (const auto& [name, value] : object.items()) {
      text_ += before;
      add_text(name);
      text_ += ':';
      add_json(value);
      before = ',';
    }
    text_ += object.empty() ? "{}" : "}";
  }
  void add_text(std::string_view value) {
    const bool plain = std::ranges::none_of(value, [](char c) {
      return static_cast<unsigned char>(c) - 0x20U > 0x5eU || c == '"' || c == '\\';
    });
    if (!plain) {
      text_ += Json(value).dump();
      return;
    }
    text_ += '"';
    text_ += value;
    text_ += '"';
  }

  static constexpr std::size_t kUsualSize = 1'000;

  std::string text_;
};

}  // namespace soundcheck::conductor
