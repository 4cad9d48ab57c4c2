#include "scenarios/document/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "scenarios/document/control_characters.hpp"
#include "scenarios/document/yaml_extent.hpp"
#include "scenarios/document/yaml_flow.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

// Ends the reading of a document that is too large to go on with; the mistake has been noted.
struct DocumentTooComplex {};

int values_in(const ParameterNode& node) {
  int count = 1;
  for (const ParameterNode& item : node.items) count += values_in(item);
  for (const auto& entry : node.entries) count += values_in(entry.value);
  return count;
}

int depth_of(const ParameterNode& node) {
  int deepest = 0;
  for (const ParameterNode& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const auto& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

// Builds the tree from the events of the YAML library.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, int source_index, std::size_t offset, Mistakes& mistakes)
      : source_(source), source_index_(source_index), mistakes_(mistakes) {
    column_offset_ = characters_in(std::string_view(source.text()).substr(0, offset));
    byte_offset_ = static_cast<int>(offset);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) {
      report(MistakeCode::kUnsupportedYaml, position(mark), "a second document starts here");
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(ParameterNode(), mark, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    const bool quoted = tag == "!";
    check_text(mark, value, !quoted);
    ParameterNode node = quoted ? ParameterNode::quoted(value) : ParameterNode::plain(value);
    add(std::move(node), mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    check_tag(mark, tag);
    open(ParameterNode::list(), mark, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    check_tag(mark, tag);
    open(ParameterNode::map(), mark, anchor, style);
  }
  void OnSequenceEnd() override {
    Level level = close();
    ParameterNode list = ParameterNode::list();
    for (FlowPart& part : level.parts) list.items.push_back(std::move(part.value));
    if (level.flow) join_split_items(list.items);
    list.position = level.position;
    attach(std::move(list), level.anchor);
  }
  void OnMapEnd() override {
    Level level = close();
    if (level.flow) join_split_entries(level.parts);
    ParameterNode map = ParameterNode::map();
    map.position = level.position;
    std::vector<FlowPart> merges;
    std::map<std::string, int> lines;  // where each name was first given
    for (FlowPart& part : level.parts) {
      if (part.name.is_text() && part.name.text == "<<" && !part.name.is_quoted()) {
        merges.push_back(std::move(part));
      } else {
        add_entry(map, std::move(part), lines);
      }
    }
    for (FlowPart& part : merges) merge(map, part.value);
    attach(std::move(map), level.anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      report(MistakeCode::kUnsupportedYaml, position(mark),
             "an alias of something that contains it");
      return add(ParameterNode(), mark, 0);
    }
    ParameterNode copy = known->second;
    check_depth(static_cast<int>(levels_.size()) + depth_of(copy), mark);
    count_values(values_in(copy), mark);
    attach(std::move(copy), 0);
  }

  ParameterNode take_root() { return std::move(root_); }
  // Warns of texts in which a line looks like one of `fields`, or like a field of this document.
  void check_fields_in_texts(std::span<const std::string> fields);
  // What follows a quote that is not closed means nothing.
  bool has_open_quote() const { return has_open_quote_; }
  SourcePosition position(const YAML::Mark& mark, std::string_view text = {}) const;
  void report(MistakeCode code, const SourcePosition& where, std::string sentence,
              std::string hint = {}) {
    mistakes_.push_back({code, where, "", std::move(sentence), std::move(hint), ""});
  }

 private:
  // A list or map that is still open. Of a map, names and values arrive in turn.
  struct Level {
    bool is_map = false;
    bool flow = false;
    YAML::anchor_t anchor = 0;
    SourcePosition position;
    std::vector<FlowPart> parts;
    bool name_is_next = true;
  };

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    report(MistakeCode::kUnsupportedYaml, position(mark), fmt::format("a tag '{}'", tag),
           "leave the tag out");
  }
  void check_text(const YAML::Mark& mark, const std::string& value, bool is_plain);
  void check_lines(const YAML::Mark& mark, std::string_view lines, bool is_plain, int outer);
  int outer_indentation() const;
  void warn(const SourcePosition& where, std::string sentence, std::string hint) {
    report(MistakeCode::kSwallowedLines, where, std::move(sentence), std::move(hint));
    mistakes_.back().is_warning = true;
  }
  void check_depth(int depth, const YAML::Mark& mark) {
    if (depth <= kDeepestDocument) return;
    report(MistakeCode::kTooComplex, position(mark),
           fmt::format("more than {} lists and maps inside one another", kDeepestDocument));
    throw DocumentTooComplex{};
  }
  void count_values(int count, const YAML::Mark& mark) {
    values_ += count;
    if (values_ <= kMostValues) return;
    report(
        MistakeCode::kTooComplex, position(mark),
        fmt::format("more than {} values, aliases counted as often as they are used", kMostValues));
    throw DocumentTooComplex{};
  }
  void add(ParameterNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count_values(1, mark);
    node.position = position(mark, node.text);
    attach(std::move(node), anchor);
  }
  void open(const ParameterNode& kind, const YAML::Mark& mark, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    count_values(1, mark);
    levels_.push_back(
        {kind.is_map(), style == YAML::EmitterStyle::Flow, anchor, position(mark), {}});
    check_depth(static_cast<int>(levels_.size()), mark);
  }
  Level close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return level;
  }
  void attach(ParameterNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (levels_.empty()) {
      if (documents_ <= 1) root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (!level.is_map) {
      level.parts.push_back({{}, std::move(node)});
    } else if (level.name_is_next) {
      level.parts.push_back({std::move(node), {}});
      level.name_is_next = false;
    } else {
      FlowPart& part = level.parts.back();
      if (node.is_nothing()) node.position = part.name.position;  // nothing has no place of its own
      part.value = std::move(node);
      level.name_is_next = true;
    }
  }
  void add_entry(ParameterNode& map, FlowPart part, std::map<std::string, int>& lines) {
    if (!part.name.is_text()) {
      report(MistakeCode::kUnsupportedYaml, part.name.position,
             fmt::format("{} stands where the name of a field is expected",
                         part.name.kind_in_words()));
      return;
    }
    const auto [first, is_new] = lines.emplace(part.name.text, part.name.position.line);
    if (is_new) {
      map.entries.push_back({part.name.text, std::move(part.value), part.name.position});
    } else {
      report(MistakeCode::kDuplicateField, part.name.position,
             fmt::format("'{}' is given twice; the first is in line {}", part.name.text,
                         first->second));
    }
  }
  // Entries of the map itself, and of maps merged earlier, win (https://yaml.org/type/merge.html).
  void merge(ParameterNode& map, const ParameterNode& base) {
    if (base.is_list()) {
      for (const ParameterNode& item : base.items) merge(map, item);
      return;
    }
    if (!base.is_map()) {
      report(MistakeCode::kUnsupportedYaml, base.position, "'<<' merges maps only",
             "write the alias of a map, like *base");
    }
    for (const auto& entry : base.entries) {
      if (map.find(entry.name) == nullptr) map.entries.push_back(entry);
    }
  }

  // Goes on from the last place, or a line of a megabyte would be counted again for each of its
  // values.
  int characters_before(int number, std::string_view line, std::size_t start) const {
    if (number != counted_line_ || start < counted_bytes_) {
      counted_line_ = number;
      counted_bytes_ = 0;
      counted_characters_ = 0;
    }
    counted_characters_ += characters_in(line.substr(counted_bytes_, start - counted_bytes_));
    counted_bytes_ = start;
    return counted_characters_;
  }

  mutable int counted_line_ = -1;
  mutable std::size_t counted_bytes_ = 0;
  mutable int counted_characters_ = 0;
  const Source& source_;
  int source_index_;
  int column_offset_ = 0;
  int byte_offset_ = 0;
  Mistakes& mistakes_;
  bool has_open_quote_ = false;
  // A line in a text, and the text.
  struct FieldInText {
    std::string name;
    SourcePosition text;
  };
  std::vector<FieldInText> fields_in_texts_;
  ParameterNode root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, ParameterNode> anchors_;
  int documents_ = 0;
  int values_ = 0;
};

// The library counts bytes from 0; people count characters from 1.
SourcePosition TreeBuilder::position(const YAML::Mark& mark, std::string_view text) const {
  if (mark.is_null()) return {source_index_, 1, 1, 1};
  const int offset = mark.line == 0 ? byte_offset_ : 0;
  const std::string_view line = source_.line(mark.line + 1);
  const auto start = std::min(line.size(), static_cast<std::size_t>(mark.column + offset));
  const std::string_view rest = line.substr(start);
  SourcePosition result{source_index_, mark.line + 1, characters_before(mark.line, line, start) + 1,
                        1};
  if (text.empty()) return result;
  if (rest.starts_with(text)) {
    result.width = characters_in(text);
  } else if (rest.size() > text.size() + 1 && rest.substr(1).starts_with(text)) {
    result.width = characters_in(text) + 2;  // in quotes
  }
  return result;
}

// The column, from 0, of what the next value belongs to: nothing of the value may stand there or
// before. -1: it belongs to nothing, or that is not known for certain.
int TreeBuilder::outer_indentation() const {
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    if (level->flow) continue;
    if (!level->is_map && level->anchor == 0) return level->position.column - 1;
    if (level->is_map && !level->parts.empty()) return level->parts[0].name.position.column - 1;
  }
  return -1;
}

void TreeBuilder::check_text(const YAML::Mark& mark, const std::string& value, bool is_plain) {
  if (const std::string problem = control_character_in(value); !problem.empty())
    report(MistakeCode::kUnreadableValue, position(mark), problem, "leave it out");
  const std::string_view text = source_.text();
  const int outer = outer_indentation();
  const ScalarExtent extent = extent_of_scalar(
      text, static_cast<std::size_t>(byte_offset_ + mark.pos), value, is_plain, outer);
  if (!extent.is_closed) {
    has_open_quote_ = true;
    report(MistakeCode::kNotYaml, position(mark), "a quote is not closed", "add the missing quote");
    return;
  }
  check_lines(mark, text.substr(extent.begin, extent.end - extent.begin), is_plain, outer);
}

// `lines`: the value as it was written. Those behind its first are looked at.
void TreeBuilder::check_lines(const YAML::Mark& mark, std::string_view lines, bool is_plain,
                              int outer) {
  const bool in_quotes = lines.starts_with('"') || lines.starts_with('\'');
  int number = 1;
  for (std::size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    lines.remove_prefix(end + 1);
    ++number;
    const std::string_view line = lines.substr(0, lines.find('\n'));
    const int indentation = indentation_of(line);
    if (in_quotes && !is_plain && indentation >= 0 && indentation <= outer) {
      has_open_quote_ = true;
      report(MistakeCode::kNotYaml, position(mark),
             "a quote is not closed in the lines of its value",
             "add the missing quote, or indent the text deeper than its field");
      return;
    }
    const std::string_view field = field_in(line);
    if (!is_plain && !field.empty())
      fields_in_texts_.push_back({std::string(field), position(mark)});
  }
  if (is_plain && number > 1) {
    warn(position(mark), fmt::format("a value of {} lines without quotes is one text", number),
         "write it in one line, or begin it with >- if that is meant");
  }
}

void collect_names(const ParameterNode& node, std::set<std::string, std::less<>>& names) {
  for (const ParameterNode& item : node.items) collect_names(item, names);
  for (const auto& entry : node.entries) {
    names.insert(entry.name);
    collect_names(entry.value, names);
  }
}

void TreeBuilder::check_fields_in_texts(std::span<const std::string> fields) {
  if (fields_in_texts_.empty()) return;
  std::set<std::string, std::less<>> names(fields.begin(), fields.end());
  collect_names(root_, names);
  const SourcePosition* last = nullptr;  // one warning for each text
  for (const FieldInText& found : fields_in_texts_) {
    const bool is_said =
        last != nullptr && last->line == found.text.line && last->column == found.text.column;
    if (is_said || !names.contains(found.name)) continue;
    last = &found.text;
    warn(found.text, fmt::format("a line of this text looks like the field '{}'", found.name),
         "a field stands outside the text, and less indented");
  }
}

struct PlainWords {
  std::string_view message, sentence, hint;
};

constexpr PlainWords kPlainWords[] = {
    {"illegal map value", "a ':' stands where no value can begin",
     "put a text with ': ' in quotes, and start a new line for a new field"},
    {"end of map not found", "this line does not fit the lines above it",
     "check its indentation, and the ': ' behind its name"},
    {"end of sequence not found", "this line does not fit the list above it",
     "check its indentation, and the '- ' before each element"},
    {"end of map flow not found", "a '{' is not closed", "add the missing '}'"},
    {"end of sequence flow not found", "a '[' is not closed", "add the missing ']'"},
    {"illegal EOF in scalar", "a quote is not closed", "add the missing quote"},
    {"illegal document indicator in scalar", "a quote is not closed", "add the missing quote"},
    {"illegal flow end", "a bracket is closed that was not opened", "remove it"},
    {"illegal block entry", "a '- ' stands where no list can begin", "start a new line for it"},
    {"illegal map key", "the name of a field stands where none can begin",
     "start a new line for it"},
    {"the referenced anchor is not defined",
     "the alias refers to an anchor that is not defined above",
     "write '&name' before the value that it repeats"},
    {"unknown token", "no value can begin with this character", "put the text in quotes"},
};

void report_parser_error(const YAML::Exception& error, TreeBuilder& builder, const Source& source) {
  const SourcePosition where = builder.position(error.mark);
  for (int line = std::max(1, where.line - 1); line <= where.line; ++line) {
    const std::string_view text = source.line(line);
    const auto indentation = text.substr(0, text.find_first_not_of(" \t"));
    if (const auto tab = indentation.find('\t'); tab != std::string_view::npos) {
      builder.report(MistakeCode::kNotYaml, {where.source, line, static_cast<int>(tab) + 1, 1},
                     "tabs cannot indent YAML", "use blanks");
      return;
    }
  }
  for (const PlainWords& words : kPlainWords) {
    if (words.message == error.msg) {
      builder.report(MistakeCode::kNotYaml, where, std::string(words.sentence),
                     std::string(words.hint));
      return;
    }
  }
  builder.report(MistakeCode::kNotYaml, where, fmt::format("not YAML: {}", error.msg));
}

}  // namespace

ParameterNode parse_yaml(const Source& source, int source_index, Mistakes& mistakes,
                         std::size_t offset, std::span<const std::string> fields) {
  SOUNDCHECK_ASSERT(offset <= source.text().size(), "offset {} in {}", offset, source.name());
  TreeBuilder builder(source, source_index, offset, mistakes);
  try {
    std::istringstream stream(source.text().substr(offset));
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.check_fields_in_texts(fields);
  } catch (const DocumentTooComplex&) {
  } catch (const YAML::DeepRecursion& error) {
    builder.report(MistakeCode::kTooComplex, builder.position(error.mark),
                   fmt::format("more than {} lists and maps inside one another", kDeepestDocument));
  } catch (const YAML::Exception& error) {
    if (!builder.has_open_quote()) report_parser_error(error, builder, source);
  }
  return builder.take_root();
}

}  // namespace soundcheck
