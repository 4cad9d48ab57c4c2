#include "models/orchestrator/decider/input_template.hpp"

#include <algorithm>

#include "models/orchestrator/decider/java_text.hpp"

namespace soundcheck::conductor {

namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

std::string without_escapes(std::string text) {
  for (std::size_t at = text.find("$${"); at != std::string::npos; at = text.find("$${", at + 2)) {
    text.erase(at, 1);
  }
  return text;
}

// The end (past the closing brace) of the expression that begins at `start`, or npos.
std::size_t expression_end(std::string_view text, std::size_t start) {
  int depth = 0;
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

Json read_path(const JsonPath& path, const ExpressionScope& scope) {
  const std::string* root = path.member(0);
  const std::string* field = path.member(1);
  if (!root || !field) return path.read(scope.document());
  Json scratch;
  const Json* value = scope.value(*root, *field, scratch);
  if (!value) return path.definite() ? Json() : Json::array();
  return path.read(*value, 2);
}

}  // namespace

InputTemplate::InputTemplate(const Json& value) : root_(compile(value)) {}

Json InputTemplate::resolve(const ExpressionScope& scope) const {
  return resolve(root_, scope);
}

const Json& InputTemplate::find(const ExpressionScope& scope, Json& scratch) const {
  static const Json kNull;
  const bool plain =
      root_.kind == Node::Kind::kText && root_.parts.size() == 1 && root_.parts.front().path;
  if (plain) {
    const JsonPath& path = *root_.parts.front().path;
    const std::string* root = path.member(0);
    const std::string* field = path.member(1);
    if (root && field && path.plain() && !scope.variable(root_.parts.front().text)) {
      const Json* value = scope.value(*root, *field, scratch);
      const Json* found = value ? path.find(*value, 2) : nullptr;
      return found ? *found : kNull;
    }
  }
  if (root_.kind == Node::Kind::kConstant) return root_.constant;
  scratch = resolve(scope);
  return scratch;
}

InputTemplate::Node InputTemplate::compile(const Json& value) {
  Node node;
  bool constant = true;
  if (value.is_string()) {
    node.parts = split(value.get_ref<const std::string&>());
    constant = std::none_of(node.parts.begin(), node.parts.end(),
                            [](const Part& part) { return part.expression; });
    node.kind = Node::Kind::kText;
    if (constant) node.constant = without_escapes(value.get<std::string>());
  } else if (value.is_object()) {
    node.kind = Node::Kind::kObject;
    for (const auto& [key, member] : value.items()) {
      node.keys.push_back(key);
      node.elements.push_back(compile(member));
      constant = constant && node.elements.back().kind == Node::Kind::kConstant;
    }
    if (constant) {
      node.constant = Json::object();
      for (std::size_t i = 0; i < node.keys.size(); ++i) {
        node.constant[node.keys[i]] = std::move(node.elements[i].constant);
      }
    }
  } else if (value.is_array()) {
    node.kind = Node::Kind::kArray;
    for (const Json& element : value) {
      node.elements.push_back(compile(element));
      constant = constant && node.elements.back().kind == Node::Kind::kConstant;
    }
    if (constant) {
      node.constant = Json::array();
      for (Node& element : node.elements) node.constant.push_back(std::move(element.constant));
    }
  } else {
    node.constant = value;
  }
  if (constant) return Node{Node::Kind::kConstant, std::move(node.constant), {}, {}, {}};
  return node;
}

std::vector<InputTemplate::Part> InputTemplate::split(std::string_view text) {
  std::vector<Part> parts;
  std::size_t literal = 0;
  const auto close_literal = [&](std::size_t end) {
    if (end > literal)
      parts.push_back(Part{std::string(text.substr(literal, end - literal)), false, {}, {}, {}});
  };
  for (std::size_t i = 0; i + 1 < text.size();) {
    const bool begins = text[i] == '$' && text[i + 1] == '{' && (i == 0 || text[i - 1] != '$');
    const std::size_t end = begins ? expression_end(text, i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      ++i;
      continue;
    }
    close_literal(i);
    parts.push_back(expression(text.substr(i + 2, end - i - 3)));
    literal = i = end;
  }
  close_literal(text.size());
  return parts;
}

InputTemplate::Part InputTemplate::expression(std::string_view content) {
  Part part;
  part.expression = true;
  part.inner = split(content);
  const bool nested = std::any_of(part.inner.begin(), part.inner.end(),
                                  [](const Part& inner) { return inner.expression; });
  if (!nested) {
    part.inner.clear();
    part.text = without_escapes(std::string(content));
    part.path = JsonPath::parse(part.text);
  }
  return part;
}

Json InputTemplate::resolve(const Node& node, const ExpressionScope& scope) {
  switch (node.kind) {
    case Node::Kind::kConstant:
      return node.constant;
    case Node::Kind::kObject: {
      Json object = Json::object();
      for (std::size_t i = 0; i < node.keys.size(); ++i) {
        object[node.keys[i]] = resolve(node.elements[i], scope);
      }
      return object;
    }
    case Node::Kind::kArray: {
      Json array = Json::array();
      for (const Node& element : node.elements) array.push_back(resolve(element, scope));
      return array;
    }
    case Node::Kind::kText:
      break;
  }
  if (node.parts.size() == 1 && node.parts.front().expression) {
    return evaluate(node.parts.front(), scope);
  }
  return join(node.parts, scope);
}

Json InputTemplate::evaluate(const Part& part, const ExpressionScope& scope) {
  std::optional<JsonPath> made;
  std::string text = part.text;
  if (!part.inner.empty()) {
    text = join(part.inner, scope);
    made = JsonPath::parse(text);
  }
  if (is_blank(text)) return Json("");
  if (const auto variable = scope.variable(text)) return Json(*variable);
  const std::optional<JsonPath>& path = part.inner.empty() ? part.path : made;
  return path ? read_path(*path, scope) : Json();
}

std::string InputTemplate::join(const std::vector<Part>& parts, const ExpressionScope& scope) {
  std::string text;
  for (const Part& part : parts) {
    if (!part.expression) {
      text += part.literal;
    } else {
      text += java_text(evaluate(part, scope));
    }
  }
  return without_escapes(std::move(text));
}

}  // namespace soundcheck::conductor
