#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/json_path.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Where the names of an expression come from: a workflow and its tasks.
class ExpressionScope {
 public:
  virtual ~ExpressionScope() = default;
  // The value of ${root.field}, such as ${t1.output}; null if there is none. A value made for the
  // occasion is put into `scratch`.
  virtual const Json* value(const std::string& root, const std::string& field,
                            Json& scratch) const = 0;
  // All values at once, for the rare expression that does not begin with two plain names.
  virtual Json document() const = 0;
  // The text of ${name} if it is a variable of the environment.
  virtual std::optional<std::string> variable(const std::string& name) const = 0;
};

// A JSON value with ${...} expressions in its texts, parsed once and resolved often.
//
// A text that is one expression takes the value with its type; an expression inside a text becomes
// text (null is "null"); expressions nest; "$${" stands for "${"; what is missing is null. After
// Conductor's ParametersUtils.
class InputTemplate {
 public:
  InputTemplate() : InputTemplate(Json::object()) {}
  explicit InputTemplate(const Json& value);

  Json resolve(const ExpressionScope& scope) const;
  // The same without a copy where the template is one plain expression: a view into what the scope
  // reads from, valid while that does not change; else into `scratch`.
  const Json& find(const ExpressionScope& scope, Json& scratch) const;

 private:
  struct Part;
  struct Node;
  struct Part {
    std::string literal;  // when it is no expression
    bool expression = false;
    std::optional<JsonPath> path;  // of an expression without expressions inside
    std::string text;              // what that path was written as
    std::vector<Part> inner;       // of an expression with expressions inside
  };
  struct Node {
    enum class Kind { kConstant, kObject, kArray, kText } kind = Kind::kConstant;
    Json constant;
    std::vector<std::string> keys;  // of an object, in the order of the elements
    std::vector<Node> elements;
    std::vector<Part> parts;
  };

  static Node compile(const Json& value);
  static std::vector<Part> split(std::string_view text);
  static Part expression(std::string_view content);
  static Json resolve(const Node& node, const ExpressionScope& scope);
  static Json evaluate(const Part& part, const ExpressionScope& scope);
  static std::string join(const std::vector<Part>& parts, const ExpressionScope& scope);

  Node root_;
};

}  // namespace soundcheck::conductor
