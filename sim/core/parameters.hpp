#pragma once

#include <fmt/format.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Everything configurable declares its parameters once, bound to the members of a plain struct
// whose initialisers are the defaults:
//
//   struct ProcessCrash {
//     Duration restart = Duration::seconds(5);
//     static const ParameterTable<ProcessCrash>& parameters();
//   };
//   const ParameterTable<ProcessCrash>& ProcessCrash::parameters() {
//     static const auto table = ParameterTable<ProcessCrash>("process crash", "The process ends at
//     once.")
//         .optional("restart", &ProcessCrash::restart, "time until the process is started again");
//     return table;
//   }
//
// The check of a configuration, the JSON Schema, `explain`, the reference pages and the print-out
// with every default derive from that table.

// Bounds of a parameter. Quantities and numbers are never negative unless a minimum says so.
template <typename T>
struct AtLeast {
  T minimum;
};
template <typename T>
struct AtMost {
  T maximum;
};
template <typename T>
struct Between {
  T minimum, maximum;
};
struct AboveZero {};

template <typename T>
constexpr AtLeast<T> at_least(T minimum) {
  return {minimum};
}
template <typename T>
constexpr AtMost<T> at_most(T maximum) {
  return {maximum};
}
template <typename T>
constexpr Between<T> between(T minimum, T maximum) {
  return {minimum, maximum};
}
inline constexpr AboveZero above_zero{};

class AnyParameterTable;

// One of the words or strategies that a parameter may be.
struct NamedHelp {
  std::string name;
  std::string help;
};

// One parameter of a table, its member's type erased. The object given to the functions must be of
// the table's struct.
struct Parameter {
  std::string name;
  std::string help;
  std::string phrase;  // how its value is written, with bounds
  bool required = false;
  const AnyParameterTable* (*nested)() = nullptr;  // the table of its own parameters, if it has one
  std::vector<NamedHelp> choices;                  // if it is a choice
  std::function<void(const ParameterNode&, void*, ParameterReader&)> read;
  std::function<ParameterNode(const void*)> print;
  std::function<Json(SchemaWriter&)> schema;
};

// A table whose struct is not known: what generators of schemas and pages see.
class AnyParameterTable {
 public:
  virtual ~AnyParameterTable() = default;

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  const std::deque<Parameter>& parameters() const { return parameters_; }
  const Parameter* find(std::string_view name) const;

  virtual std::shared_ptr<void> make() const = 0;  // a new struct with every default

  // Reads a map into a struct of this table. Fields that are not mentioned keep their value.
  void read(const ParameterNode& node, void* object, ParameterReader& reader) const;
  ParameterNode print(const void* object) const;
  Json schema(SchemaWriter& writer) const;

 protected:
  AnyParameterTable(std::string name, std::string help)
      : name_(std::move(name)), help_(std::move(help)) {}
  std::deque<Parameter> parameters_;

 private:
  std::string name_;
  std::string help_;
};

// Several structs that share one map in the file: a fault's envelope and the parameters of its
// kind.
struct BoundTable {
  const AnyParameterTable* table;
  void* object;
};
void read_together(const ParameterNode& node, std::span<const BoundTable> tables,
                   ParameterReader& reader);

namespace parameters_internal {

template <typename T>
struct Innermost {
  using Type = T;
};
template <typename T>
struct Innermost<std::optional<T>> : Innermost<T> {};
template <typename T>
struct Innermost<std::vector<T>> : Innermost<T> {};
template <typename T>
struct Innermost<Named<T>> : Innermost<T> {};

template <typename T>
struct Unwrapped {
  using Type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
};

// Whole numbers are read wide, so that one out of bounds is told its bounds whatever its type.
template <typename T>
using Wide = std::conditional_t<std::is_integral_v<T> && !std::is_same_v<T, bool> &&
                                    sizeof(T) < sizeof(std::int64_t),
                                std::int64_t, T>;

template <typename T>
inline constexpr bool kIsOrderedQuantity =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_same_v<T, Duration> ||
    std::is_same_v<T, Bytes> || std::is_same_v<T, Bandwidth> || std::is_same_v<T, Rate> ||
    std::is_same_v<T, Probability> || std::is_same_v<T, Percentage> || std::is_same_v<T, Money>;

template <typename T>
struct Limits {
  std::optional<T> minimum, maximum;
  bool minimum_excluded = false;

  std::string phrase() const {
    const auto text = [](const T& value) { return ParameterForm<T>::print(value).text; };
    if (minimum_excluded) return maximum ? "above zero, at most " + text(*maximum) : "above zero";
    const bool trivial = minimum && *minimum == T{};
    if (minimum && maximum) return text(*minimum) + " to " + text(*maximum);
    if (maximum) return "at most " + text(*maximum);
    return !minimum || trivial ? "" : "at least " + text(*minimum);
  }
  bool allow(const T& value) const {
    if (minimum && (minimum_excluded ? value <= *minimum : value < *minimum)) return false;
    return !maximum || value <= *maximum;
  }
};

template <typename T>
void apply_bound(Limits<T>& limits, AboveZero) {
  limits.minimum = T{};
  limits.minimum_excluded = true;
}
template <typename T, typename U>
void apply_bound(Limits<T>& limits, AtLeast<U> bound) {
  limits.minimum = static_cast<T>(bound.minimum);
}
template <typename T, typename U>
void apply_bound(Limits<T>& limits, AtMost<U> bound) {
  limits.maximum = static_cast<T>(bound.maximum);
}
template <typename T, typename U>
void apply_bound(Limits<T>& limits, Between<U> bound) {
  limits.minimum = static_cast<T>(bound.minimum);
  limits.maximum = static_cast<T>(bound.maximum);
}

template <typename T>
void check_limits(const Limits<T>& limits, const T& value, const ParameterNode& node,
                  ParameterReader& reader) {
  if (limits.allow(value)) return;
  const std::string phrase = limits.phrase();
  reader.report(MistakeCode::kOutOfBounds, node.position,
                phrase.empty() ? fmt::format("{} is negative", node.text)
                               : fmt::format("{} is out of bounds: {}", node.text, phrase));
}

// JSON Schema knows bounds of numbers only; of a quantity, a text, it can say that it is not zero
// or not negative.
template <typename T>
void describe_limits(const Limits<T>& limits, Json& schema) {
  if constexpr (std::is_arithmetic_v<T>) {
    const char* minimum = limits.minimum_excluded ? "exclusiveMinimum" : "minimum";
    if (limits.minimum) schema[minimum] = *limits.minimum;
    if (limits.maximum) schema["maximum"] = *limits.maximum;
  } else {
    if (limits.minimum && *limits.minimum >= T{})
      schema["allOf"].push_back({{"pattern", "^[^-]*$"}});
    if (limits.minimum_excluded) schema["allOf"].push_back({{"pattern", "[1-9]"}});
  }
}

}  // namespace parameters_internal

template <typename Struct>
class ParameterTable : public AnyParameterTable {
 public:
  ParameterTable(std::string name, std::string help)
      : AnyParameterTable(std::move(name), std::move(help)) {}

  // A parameter that may be left out; its default is the member's initialiser.
  template <typename Member, typename... Bounds>
  ParameterTable&& optional(std::string name, Member Struct::* member, std::string help,
                            Bounds... bounds) && {
    return std::move(*this).add(std::move(name), member, std::move(help), false, bounds...);
  }
  // A parameter without a sensible default.
  template <typename Member, typename... Bounds>
  ParameterTable&& required(std::string name, Member Struct::* member, std::string help,
                            Bounds... bounds) && {
    return std::move(*this).add(std::move(name), member, std::move(help), true, bounds...);
  }

  // The parameters of a struct that this one derives from: they stand among its own in the file.
  template <typename Base>
  ParameterTable&& including(const ParameterTable<Base>& base) &&;

  std::shared_ptr<void> make() const override { return std::make_shared<Struct>(); }

 private:
  template <typename Member, typename... Bounds>
  ParameterTable&& add(std::string name, Member Struct::* member, std::string help, bool required,
                       Bounds... bounds) &&;
};

template <typename Struct>
template <typename Member, typename... Bounds>
ParameterTable<Struct>&& ParameterTable<Struct>::add(std::string name, Member Struct::* member,
                                                     std::string help, bool required,
                                                     Bounds... bounds) && {
  using namespace parameters_internal;
  using Value = typename Unwrapped<Member>::Type;
  using Form = ParameterForm<Member>;
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.help = std::move(help);
  parameter.required = required;
  parameter.phrase = Form::phrase();
  parameter.print = [member](const void* object) {
    return Form::print(static_cast<const Struct*>(object)->*member);
  };
  if constexpr (WrittenAsTable<typename Innermost<Member>::Type>) {
    parameter.nested = []() -> const AnyParameterTable* {
      return &Innermost<Member>::Type::parameters();
    };
  } else if constexpr (requires { Innermost<Member>::Type::nested_parameters(); }) {
    using Choice = typename Innermost<Member>::Type;
    if (Choice::nested_parameters() != nullptr) parameter.nested = &Choice::nested_parameters;
    parameter.choices = Choice::choices();
  } else if constexpr (WrittenAsChoice<typename Innermost<Member>::Type>) {
    for (const auto& choice : ParameterChoices<typename Innermost<Member>::Type>::kChoices)
      parameter.choices.emplace_back(std::string(choice.name), std::string(choice.help));
  }
  if constexpr (kIsOrderedQuantity<Value>) {
    using Read = Wide<Value>;
    Limits<Read> limits{.minimum = Read{}};
    (apply_bound(limits, bounds), ...);
    if (const std::string phrase = limits.phrase(); !phrase.empty()) {
      parameter.phrase += ", " + phrase;
    }
    parameter.read = [member, limits](const ParameterNode& node, void* object,
                                      ParameterReader& reader) {
      const std::size_t before = reader.mistake_count();
      std::optional<Read> value;
      ParameterForm<std::optional<Read>>::read(node, value, reader);
      if (value) check_limits(limits, *value, node, reader);
      if (reader.mistake_count() != before) return;
      if constexpr (std::is_same_v<Read, Value>) {
        static_cast<Struct*>(object)->*member = *value;
      } else {
        Value narrow{};
        ParameterForm<Value>::read(node, narrow, reader);
        if (reader.mistake_count() == before) static_cast<Struct*>(object)->*member = narrow;
      }
    };
    parameter.schema = [limits](SchemaWriter& writer) {
      Json schema = Form::schema(writer);
      describe_limits(limits, schema);
      return schema;
    };
  } else {
    static_assert(sizeof...(Bounds) == 0, "only numbers and quantities have bounds");
    parameter.read = [member](const ParameterNode& node, void* object, ParameterReader& reader) {
      Form::read(node, static_cast<Struct*>(object)->*member, reader);
    };
    parameter.schema = [](SchemaWriter& writer) { return Form::schema(writer); };
  }
  parameters_.push_back(std::move(parameter));
  return std::move(*this);
}

template <typename Struct>
template <typename Base>
ParameterTable<Struct>&& ParameterTable<Struct>::including(const ParameterTable<Base>& base) && {
  static_assert(std::is_base_of_v<Base, Struct>, "only the parameters of a base can be included");
  for (const Parameter& inherited : base.parameters()) {
    Parameter parameter = inherited;
    parameter.read = [read = inherited.read](const ParameterNode& node, void* object,
                                             ParameterReader& reader) {
      read(node, static_cast<Base*>(static_cast<Struct*>(object)), reader);
    };
    parameter.print = [print = inherited.print](const void* object) {
      return print(static_cast<const Base*>(static_cast<const Struct*>(object)));
    };
    parameters_.push_back(std::move(parameter));
  }
  return std::move(*this);
}

// A struct together with the table that declares it, for those who do not know its type: the
// parameters of a fault of any kind. Copies share the struct, which nobody changes after it was
// read.
class Settings {
 public:
  Settings() = default;
  explicit Settings(const AnyParameterTable& table) : table_(&table), object_(table.make()) {}

  bool empty() const { return table_ == nullptr; }
  const AnyParameterTable* table() const { return table_; }
  void* object() { return object_.get(); }
  const void* object() const { return object_.get(); }

  // The struct itself. T must be the type whose table this was made from (asserted).
  template <typename T>
  const T& as() const {
    SOUNDCHECK_ASSERT(table_ == &T::parameters(), "settings of another kind than {}",
                      T::parameters().name());
    return *static_cast<const T*>(object_.get());
  }
  // The same to be filled in, while there is no copy of these settings yet.
  template <typename T>
  T& edit() {
    SOUNDCHECK_ASSERT(table_ == &T::parameters(), "settings of another kind than {}",
                      T::parameters().name());
    return *static_cast<T*>(object_.get());
  }

 private:
  const AnyParameterTable* table_ = nullptr;
  std::shared_ptr<void> object_;
};

}  // namespace soundcheck
