#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "sim/core/fingerprint.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

// A message type lists its fields once, and JSON both ways, the size on the wire and the digest
// follow:
//
//   struct Reserve {
//     std::string album; std::int64_t copies = 0;
//     static constexpr auto fields() {
//       return std::tuple{field("album", &Reserve::album), field("copies", &Reserve::copies)};
//     }
//   };
//
// Field types: bool, std::int64_t and enums as integers, double, std::string, Json, std::optional
// and std::vector of these, and other message types. Identifiers of messages are snake_case, as in
// the JSON.
template <class Owner, class T>
struct Field {
  const char* name;
  T Owner::* member;
  bool unless_empty = false;
};

template <class Owner, class T>
constexpr Field<Owner, T> field(const char* name, T Owner::* member) {
  return {name, member};
}

// A field that is left out of messages while it is empty: an absent optional, a map without
// members.
template <class Owner, class T>
constexpr Field<Owner, T> field_unless_empty(const char* name, T Owner::* member) {
  return {name, member, true};
}

template <class T>
concept HasFields = requires { T::fields(); };

namespace detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
bool is_empty(const T& value) {
  if constexpr (IsOptional<T>::value)
    return !value;
  else if constexpr (requires { value.empty(); })
    return value.empty();
  else
    return false;
}

template <class Owner, class T>
bool is_left_out(const Owner& owner, const Field<Owner, T>& f) {
  return f.unless_empty && is_empty(owner.*(f.member));
}

// Bytes of the value as compact JSON, but that escaped characters count as one.
inline std::int64_t json_size(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: {
      std::int64_t size = 1 + (value.empty() ? 1 : 0);
      for (const auto& [name, member] : value.items())
        size += static_cast<std::int64_t>(name.size()) + 4 + json_size(member);
      return size;
    }
    case Json::value_t::array: {
      std::int64_t size = 1 + (value.empty() ? 1 : 0);
      for (const Json& element : value) size += 1 + json_size(element);
      return size;
    }
    case Json::value_t::string:
      return static_cast<std::int64_t>(value.get_ref<const std::string&>().size()) + 2;
    case Json::value_t::boolean:
      return value.get<bool>() ? 4 : 5;
    default:
      return static_cast<std::int64_t>(value.dump().size());
  }
}
}  // namespace detail

template <class T>
Json to_json_value(const T& value) {
  if constexpr (HasFields<T>) {
    Json object = Json::object();
    std::apply(
        [&](const auto&... f) {
          ((detail::is_left_out(value, f)
                ? void()
                : void(object[f.name] = to_json_value(value.*(f.member)))),
           ...);
        },
        T::fields());
    return object;
  } else if constexpr (detail::IsOptional<T>::value) {
    return value ? to_json_value(*value) : Json(nullptr);
  } else if constexpr (detail::IsVector<T>::value) {
    Json array = Json::array();
    for (const auto& item : value) array.push_back(to_json_value(item));
    return array;
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<std::int64_t>(value);
  } else {
    return Json(value);
  }
}

// Missing and null members keep their default. Returns false when a member has another type than
// the field.
template <class T>
bool from_json_value(const Json& json, T& value) {
  if constexpr (HasFields<T>) {
    if (!json.is_object()) return false;
    bool ok = true;
    const auto read = [&](const auto& f) {
      const auto found = json.find(f.name);
      if (found != json.end() && !found->is_null())
        ok = from_json_value(*found, value.*(f.member)) && ok;
    };
    std::apply([&](const auto&... f) { (read(f), ...); }, T::fields());
    return ok;
  } else if constexpr (detail::IsOptional<T>::value) {
    typename T::value_type item{};
    if (!from_json_value(json, item)) return false;
    value = std::move(item);
    return true;
  } else if constexpr (detail::IsVector<T>::value) {
    if (!json.is_array()) return false;
    value.clear();
    for (const Json& element : json) {
      typename T::value_type item{};
      if (!from_json_value(element, item)) return false;
      value.push_back(std::move(item));
    }
    return true;
  } else if constexpr (std::is_same_v<T, Json>) {
    value = json;
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) return false;
    value = json.get_ref<const std::string&>();
    return true;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) return false;
    value = json.get<bool>();
    return true;
  } else {
    if (!json.is_number()) return false;
    if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(json.get<std::int64_t>());
    else
      value = json.get<T>();
    return true;
  }
}

// Bytes of the value as compact JSON, near enough for the time on the wire, without building the
// JSON.
template <class T>
std::int64_t wire_size(const T& value) {
  if constexpr (HasFields<T>) {
    std::int64_t size = 2;
    std::apply(
        [&](const auto&... f) {
          ((size += detail::is_left_out(value, f)
                        ? 0
                        : 4 + static_cast<std::int64_t>(std::char_traits<char>::length(f.name)) +
                              wire_size(value.*(f.member))),
           ...);
        },
        T::fields());
    return size;
  } else if constexpr (detail::IsOptional<T>::value) {
    return value ? wire_size(*value) : 4;
  } else if constexpr (detail::IsVector<T>::value) {
    std::int64_t size = 2;
    for (const auto& item : value) size += 1 + wire_size(item);
    return size;
  } else if constexpr (std::is_same_v<T, Json>) {
    return detail::json_size(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return static_cast<std::int64_t>(value.size()) + 2;
  } else {
    return 8;
  }
}

template <class T>
void add_to_digest(const T& value, Fingerprint& digest) {
  if constexpr (HasFields<T>) {
    std::apply(
        [&](const auto&... f) {
          ((detail::is_left_out(value, f) ? void() : add_to_digest(value.*(f.member), digest)),
           ...);
        },
        T::fields());
  } else if constexpr (detail::IsOptional<T>::value) {
    digest.add(value ? 1u : 0u);
    if (value) add_to_digest(*value, digest);
  } else if constexpr (detail::IsVector<T>::value) {
    digest.add(value.size());
    for (const auto& item : value) add_to_digest(item, digest);
  } else if constexpr (std::is_same_v<T, Json>) {
    digest.add(value.dump());
  } else if constexpr (std::is_same_v<T, std::string>) {
    digest.add(std::string_view(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    digest.add(__builtin_bit_cast(std::uint64_t, static_cast<double>(value)));
  } else {
    digest.add(static_cast<std::uint64_t>(value));
  }
}

}  // namespace soundcheck
