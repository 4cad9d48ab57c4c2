#include "scenarios/document/yaml_flow.hpp"

#include <algorithm>
#include <utility>

namespace soundcheck {
namespace {

bool is_plain_text(const ParameterNode& node) {
  return node.is_text() && !node.is_quoted();
}

auto open_brackets(const std::string& text) {
  return std::ranges::count(text, '(') - std::ranges::count(text, ')');
}

// No name(argument, ...) has more commas.
constexpr std::size_t kMostCommas = 16;

// How many of the parts from `next` on complete `text`, and the text they make; 0 if the bracket
// stays open. `continuation(i)` gives part i's text, or nullptr if it is a whole entry of its own.
template <typename Continuation>
std::size_t complete(std::string& text, std::size_t next, std::size_t count,
                     const Continuation& continuation) {
  auto open = open_brackets(text);
  if (open <= 0) return 0;
  std::string joined = text;
  for (std::size_t i = next; i < std::min(count, next + kMostCommas); ++i) {
    const std::string* part = continuation(i);
    if (part == nullptr) return 0;
    joined += ", " + *part;
    open += open_brackets(*part);
    if (open == 0) {
      text = std::move(joined);
      return i - next + 1;
    }
  }
  return 0;
}

void append(ParameterNode& node, std::size_t parts, const SourcePosition& last) {
  if (parts > 0 && last.line == node.position.line && last.source == node.position.source) {
    node.position.width = last.column + last.width - node.position.column;
  }
}

}  // namespace

void join_split_entries(std::vector<FlowPart>& parts) {
  std::vector<FlowPart> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    FlowPart part = std::move(parts[i]);
    if (is_plain_text(part.value)) {
      const std::size_t joined =
          complete(part.value.text, i + 1, parts.size(), [&](std::size_t at) {
            const bool continues = is_plain_text(parts[at].name) && parts[at].value.is_nothing();
            return continues ? &parts[at].name.text : nullptr;
          });
      append(part.value, joined, parts[i + joined].name.position);
      i += joined;
    }
    result.push_back(std::move(part));
  }
  parts = std::move(result);
}

void join_split_items(std::vector<ParameterNode>& items) {
  std::vector<ParameterNode> result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ParameterNode item = std::move(items[i]);
    if (is_plain_text(item)) {
      const std::size_t joined = complete(item.text, i + 1, items.size(), [&](std::size_t at) {
        return is_plain_text(items[at]) ? &items[at].text : nullptr;
      });
      append(item, joined, items[i + joined].position);
      i += joined;
    }
    result.push_back(std::move(item));
  }
  items = std::move(result);
}

}  // namespace soundcheck
