#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/parameters.hpp"

namespace soundcheck {

// A strategy is one of several ways to do the same thing, chosen by name in a configuration:
// `balancer: least-requests`, `backoff: exponential(50ms, max 1s)`. Its class declares its
// parameters like any other struct; they are the arguments in the text. A family is all ways to do
// one thing:
//
//   class Backoff : public StrategyObject {                 // the interface
//    public:
//     static const StrategyFamily& family();
//     virtual Duration pause(std::uint32_t attempt) const = 0;
//   };
//   class Constant final : public Backoff {                 // one way, in a file of its own
//    public:
//     Duration base = 100_ms;
//     static const ParameterTable<Constant>& parameters();  // names it and says what it does
//     ...
//   };
//   struct RetryPolicy { Strategy<Backoff> backoff; ... };  // a choice, itself a parameter

class StrategyObject {
 public:
  virtual ~StrategyObject() = default;
  // After its parameters were read: fills in those that depend on others. Answers with what is
  // wrong about them together, a sentence without a full stop; empty: nothing.
  virtual std::string complete() { return {}; }
};

struct StrategyKind {
  const AnyParameterTable* parameters = nullptr;  // its name and its help are the strategy's
  std::unique_ptr<StrategyObject> (*make)() = nullptr;
  std::unique_ptr<StrategyObject> (*copy)(const StrategyObject&) = nullptr;
  void* (*settings)(StrategyObject&) = nullptr;  // the struct of `parameters`

  const std::string& name() const { return parameters->name(); }
};

// The kind of a class that derives from an interface and declares its own parameters.
template <class Class>
StrategyKind strategy_kind() {
  return {.parameters = &Class::parameters(),
          .make = []() -> std::unique_ptr<StrategyObject> { return std::make_unique<Class>(); },
          .copy = [](const StrategyObject& object) -> std::unique_ptr<StrategyObject> {
            return std::make_unique<Class>(static_cast<const Class&>(object));
          },
          .settings = [](StrategyObject& object) -> void* { return static_cast<Class*>(&object); }};
}

// How a choice is printed. Both are always understood.
enum class StrategyStyle {
  kText,  // exponential(50ms, max 1s)
  kMap,   // {kind: consecutive, failures: 5}; the usual one without its kind
};

class StrategyFamily {
 public:
  // A line of a family's registry: the name that stands there, and what its file declares.
  struct Line {
    std::string_view name;
    StrategyKind kind;
  };
  // `what` names the thing in sentences ("back-off"). `usual` is the name of the strategy of those
  // who choose none; it must be among the lines (asserted), and each line must bear the name of its
  // kind.
  StrategyFamily(std::string what, std::string_view usual, StrategyStyle style,
                 std::vector<Line> lines);

  const std::string& what() const { return what_; }
  StrategyStyle style() const { return style_; }
  const StrategyKind& usual() const { return *usual_; }
  std::span<const StrategyKind> kinds() const { return kinds_; }
  const StrategyKind* find(std::string_view name) const;  // nullptr if there is none
  std::vector<std::string> names() const;
  std::vector<NamedHelp> choices() const;  // each as its example

  std::string phrase() const;  // how a choice is written
  Json schema(SchemaWriter& writer) const;

 private:
  std::string what_;
  StrategyStyle style_;
  std::vector<StrategyKind> kinds_;
  const StrategyKind* usual_ = nullptr;
};

// A chosen strategy with its parameters, whatever the family. Copies share them; nobody changes
// them any more.
class AnyStrategy {
 public:
  explicit AnyStrategy(const StrategyFamily& family);  // the usual one
  // As a configuration writes it: "linear(50ms, max 1s)". For code: a text that cannot be read is a
  // mistake of the program (asserted).
  AnyStrategy(const StrategyFamily& family, std::string_view text);

  const StrategyFamily& family() const { return *family_; }
  const std::string& name() const { return kind_->name(); }
  const StrategyObject& object() const { return *object_; }
  std::unique_ptr<StrategyObject> copy_object() const { return kind_->copy(*object_); }

  void read(const ParameterNode& node, ParameterReader& reader);
  ParameterNode print() const;
  std::string text() const;  // "linear(50ms, max 1s)"

 private:
  void read_text(const ParameterNode& node, ParameterReader& reader);
  void read_map(const ParameterNode& node, ParameterReader& reader);
  void choose(const StrategyKind& kind, const ParameterNode& parameters, const ParameterNode& at,
              ParameterReader& reader);
  // Answers with what is wrong about its parameters together; then nothing has changed.
  std::string take(const StrategyKind& kind, std::unique_ptr<StrategyObject> given);

  const StrategyFamily* family_;
  const StrategyKind* kind_;
  std::shared_ptr<const StrategyObject> given_;   // with the parameters that were read
  std::shared_ptr<const StrategyObject> object_;  // with all that follows from them
};

// A choice among the strategies of one interface.
template <class Interface>
class Strategy : public AnyStrategy {
 public:
  Strategy() : AnyStrategy(Interface::family()) {}
  Strategy(const char* text) : AnyStrategy(Interface::family(), text) {}

  // The strategy as it was configured. Those that remember something are copied first.
  const Interface* operator->() const { return &static_cast<const Interface&>(object()); }
  std::unique_ptr<Interface> make() const {
    return std::unique_ptr<Interface>(static_cast<Interface*>(copy_object().release()));
  }

  // The fields of the usual strategy, where a choice is written as a map; else null.
  static const AnyParameterTable* nested_parameters() {
    const StrategyFamily& family = Interface::family();
    return family.style() == StrategyStyle::kMap ? family.usual().parameters : nullptr;
  }
  static std::vector<NamedHelp> choices() { return Interface::family().choices(); }
};

template <class Interface>
struct ParameterForm<Strategy<Interface>> {
  static std::string phrase() { return Interface::family().phrase(); }
  static void read(const ParameterNode& node, Strategy<Interface>& into, ParameterReader& reader) {
    into.read(node, reader);
  }
  static ParameterNode print(const Strategy<Interface>& value) { return value.print(); }
  static Json schema(SchemaWriter& writer) { return Interface::family().schema(writer); }
};

}  // namespace soundcheck
