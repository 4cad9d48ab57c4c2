#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
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
    begin_member(name);
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
      add_texts(value);
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
  // A name of ours, nothing to escape.
  void begin_member(std::string_view name) {
    char* const text = lengthen(name.size() + 4);
    text[0] = text == text_.data() ? '{' : ',';
    text[1] = '"';
    std::memcpy(text + 2, name.data(), name.size());
    text[name.size() + 2] = '"';
    text[name.size() + 3] = ':';
  }
  // Where the added characters begin, which are the caller's to write.
  char* lengthen(std::size_t by) {
    const std::size_t before = text_.size();
    const std::size_t after = before + by;
    // Not by the size that the operation is given: libstdc++ 12 passes the capacity.
    text_.resize_and_overwrite(after, [after](char*, std::size_t) { return after; });
    return text_.data() + before;
  }
  void add_json(const Json& value) {
    switch (value.type()) {
      case Json::value_t::object:
        add_members(value);
        return;
      case Json::value_t::array:
        add_elements(value);
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
  void add_elements(const Json& array) {
    char before = '[';
    for (const Json& element : array) {
      text_ += before;
      add_json(element);
      before = ',';
    }
    text_ += array.empty() ? "[]" : "]";
  }
  template <class Texts>
  void add_texts(const Texts& texts) {
    text_ += '[';
    for (const std::string& text : texts) {
      if (text_.back() != '[') text_ += ',';
      add_text(text);
    }
    text_ += ']';
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
    if (!is_plain(value)) {
      text_ += Json(value).dump();
      return;
    }
    char* const text = lengthen(value.size() + 2);
    text[0] = '"';
    if (!value.empty()) std::memcpy(text + 1, value.data(), value.size());
    text[value.size() + 1] = '"';
  }
  // Printable ASCII without quotes and backslashes; eight characters at a time, by the tricks of
  // Sean Eron Anderson's "Bit Twiddling Hacks" for bytes that are zero or less than n.
  static bool is_plain(std::string_view text) {
    constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 0xff;
    constexpr std::uint64_t kHighs = kOnes * 0x80;
    const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
    while (text.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), sizeof word);
      const std::uint64_t not_plain = (word & kHighs) | ((word - kOnes * 0x20) & ~word & kHighs) |
                                      has_zero(word ^ kOnes * '"') | has_zero(word ^ kOnes * '\\') |
                                      has_zero(word ^ kOnes * 0x7f);
      if (not_plain != 0) return false;
      text.remove_prefix(sizeof word);
    }
    return std::ranges::none_of(text, [](char c) {
      return static_cast<unsigned char>(c) - 0x20U > 0x5eU || c == '"' || c == '\\';
    });
  }

  static constexpr std::size_t kUsualSize = 1'000;

  std::string text_;
  bool without_defaults_ = false;
};

}  // namespace soundcheck::conductor
