#include <algorithm>

#include "scenarios/document/yaml.hpp"

namespace soundcheck {
namespace {

bool needs_quotes(const ParameterNode& node, bool in_flow) {
  const std::string& text = node.text;
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return true;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=<~").contains(text.front())) {
    // A negative quantity is no list.
    if (text.front() != '-' || text.size() < 2 || text[1] == ' ' || node.is_quoted()) return true;
  }
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return true;
  if (text.back() == ':' || text.find_first_of("\n\r\t\\\"") != std::string::npos) return true;
  if (in_flow && text.find_first_of(",[]{}") != std::string::npos) return true;
  if (text == "null" || text == "Null" || text == "NULL") return true;
  if (!node.is_quoted()) return false;
  return parse_number(text).has_value() || parse_boolean(text).has_value() ||
         (text[0] >= '0' && text[0] <= '9');
}

std::string scalar(const ParameterNode& node, bool in_flow) {
  if (node.is_nothing()) return "null";
  if (!needs_quotes(node, in_flow)) return node.text;
  std::string result = "\"";
  for (const char c : node.text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        result += c;
    }
  }
  return result + "\"";
}

bool fits_in_line(const ParameterNode& node, int depth = 0) {
  if (!node.is_list()) return !node.is_map() || node.entries.empty();
  return depth < 2 &&
         std::ranges::all_of(
             node.items, [&](const ParameterNode& item) { return fits_in_line(item, depth + 1); });
}

std::string in_line(const ParameterNode& node, bool in_flow = false) {
  if (node.is_map()) return "{}";
  if (!node.is_list()) return scalar(node, in_flow);
  std::string result = "[";
  for (const ParameterNode& item : node.items) {
    if (result.size() > 1) result += ", ";
    result += in_line(item, true);
  }
  return result + "]";
}

void write(const ParameterNode& node, std::size_t indentation, std::string& out) {
  const std::string blanks(indentation, ' ');
  for (const auto& entry : node.entries) {
    out += blanks + scalar(ParameterNode::quoted(entry.name), false) + ":";
    if (fits_in_line(entry.value)) {
      out += " " + in_line(entry.value) + "\n";
    } else {
      out += "\n";
      write(entry.value, indentation + 2, out);
    }
  }
  for (const ParameterNode& item : node.items) {
    if (fits_in_line(item)) {
      out += blanks + "- " + in_line(item) + "\n";
      continue;
    }
    const std::size_t start = out.size();
    write(item, indentation + 2, out);
    out.replace(start, indentation + 2, blanks + "- ");  // the first line of the element
  }
}

}  // namespace

std::string to_yaml(const ParameterNode& node) {
  if (fits_in_line(node)) return in_line(node) + "\n";
  std::string out;
  write(node, 0, out);
  return out;
}

}  // namespace soundcheck
