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
  enum class Defaults { kWritten, kLeftOut };  // null, false, 0, and empty texts and objects

  explicit JsonObjectText(Defaults defaults = Defaults::kWritten)
      : without_defaults_(defaults == Defaults::kLeftOut) {
    text_.reserve(kUsualSize);
  }
  // Adds to an object that was taken before.
  explicit JsonObjectText(std::string object) : text_(std::move(object)) { text_.pop_back(); }
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (without_defaults_ && is_default(value)) return;
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
      add_number(value);
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
  template <class T>
  static bool is_default(const T& value) {
    if constexpr (std::is_same_v<T, TextOrNull>)
      return value.text.empty();
    else if constexpr (std::is_arithmetic_v<T>)
      return value == T{};
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
      return std::string_view(value).empty();
    else if constexpr (std::is_same_v<T, Json>)
      return value.is_null() || (value.is_object() && value.empty());
    else
      return false;
  }
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
      case Json::value_t::boolean:
        text_ += value.get<bool>() ? "true" : "false";
        return;
      case Json::value_t::number_integer:
        add_number(value.get<std::int64_t>());
        return;
      case Json::value_t::number_unsigned:
        add_number(value.get<std::uint64_t>());
        return;
      default:
        text_ += value.dump();
    }
  }
  template <class T>
  void add_number(T value) {
    const fmt::format_int digits(value);
    text_.append(digits.data(), digits.size());
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
  bool without_defaults_ = false;
};

}  // namespace soundcheck::conductor
