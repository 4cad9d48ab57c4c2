#include "sim/core/strategy.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/call_text.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

// Entry of a choice written as a map that names the strategy.
constexpr std::string_view kKind = "kind";

// `name`, or `name(first, second 1s)`: all but the first argument bear their names.
std::string text_of(const StrategyKind& kind, const void* settings) {
  std::string arguments;
  for (const Parameter& parameter : kind.parameters->parameters()) {
    const ParameterNode value = parameter.print(settings);
    if (!value.is_text() || value.text.empty()) continue;
    if (!arguments.empty()) arguments += fmt::format(", {} ", parameter.name);
    arguments += value.text;
  }
  return arguments.empty() ? kind.name() : fmt::format("{}({})", kind.name(), arguments);
}

std::string example_of(const StrategyKind& kind) {
  const std::unique_ptr<StrategyObject> object = kind.make();
  object->complete();
  return text_of(kind, kind.settings(*object));
}

std::vector<CallForm> forms_of(const StrategyFamily& family) {
  std::vector<CallForm> forms;
  for (const StrategyKind& kind : family.kinds()) {
    CallForm& form = forms.emplace_back();
    form.name = kind.name();
    form.example = example_of(kind);
    for (const Parameter& parameter : kind.parameters->parameters()) {
      form.arguments.push_back(parameter.name);
      if (parameter.required) form.required = form.arguments.size();
    }
  }
  return forms;
}

bool any_has_parameters(std::span<const StrategyKind> kinds) {
  return std::ranges::any_of(
      kinds, [](const StrategyKind& kind) { return !kind.parameters->parameters().empty(); });
}

void report_unknown_kind(const StrategyFamily& family, const std::string& name,
                         const ParameterNode& at, ParameterReader& reader) {
  reader.report_unknown(MistakeCode::kUnknownChoice, at.position,
                        fmt::format("'{}' is no {}", name, family.what()), name, family.names(),
                        "known");
}

// Of a map without a kind: whether one of its names was meant to be it; then it is reported.
bool report_misspelt_kind(const StrategyKind& usual, const ParameterNode& node,
                          ParameterReader& reader) {
  std::vector<std::string> names{std::string(kKind)};
  for (const Parameter& parameter : usual.parameters->parameters()) names.push_back(parameter.name);
  for (const ParameterNode::Entry& entry : node.entries) {
    if (std::ranges::find(names, entry.name) != names.end() ||
        nearest_name(entry.name, names) != kKind)
      continue;
    const ParameterReader::Inside inside(reader, entry.name);
    reader.report_unknown(
        MistakeCode::kUnknownField, entry.name_position,
        fmt::format("unknown field '{}' of {}", entry.name, usual.parameters->name()), entry.name,
        names, "allowed here");
    return true;
  }
  return false;
}

}  // namespace

StrategyFamily::StrategyFamily(std::string what, std::string_view usual, StrategyStyle style,
                               std::vector<Line> lines)
    : what_(std::move(what)), style_(style) {
  for (const Line& line : lines) {
    SOUNDCHECK_ASSERT(line.name == line.kind.name(), "the {} '{}' calls itself '{}'", what_,
                      line.name, line.kind.name());
    kinds_.push_back(line.kind);
  }
  usual_ = find(usual);
  SOUNDCHECK_ASSERT(usual_ != nullptr, "there is no {} '{}'", what_, usual);
}

const StrategyKind* StrategyFamily::find(std::string_view name) const {
  const auto found = std::ranges::find(kinds_, name, &StrategyKind::name);
  return found == kinds_.end() ? nullptr : &*found;
}

std::vector<std::string> StrategyFamily::names() const {
  std::vector<std::string> names;
  for (const StrategyKind& kind : kinds_) names.push_back(kind.name());
  return names;
}

std::vector<NamedHelp> StrategyFamily::choices() const {
  std::vector<NamedHelp> choices;
  for (const StrategyKind& kind : kinds_)
    choices.push_back({example_of(kind), kind.parameters->help()});
  return choices;
}

std::string StrategyFamily::phrase() const {
  std::vector<std::string> examples;
  for (const StrategyKind& kind : kinds_) examples.push_back(example_of(kind));
  if (examples == names()) return fmt::format("one of {}", fmt::join(examples, ", "));
  if (examples.size() == 1) return examples.front();
  const std::string last = examples.back();
  examples.pop_back();
  return fmt::format("{} or {}", fmt::join(examples, ", "), last);
}

// A text is one of the forms; a map holds the parameters of one kind.
Json StrategyFamily::schema(SchemaWriter& writer) const {
  if (!any_has_parameters(kinds_)) return {{"enum", names()}};
  // The closing bracket may be missing (see Distribution), or stand in an element of its own: in a
  // list YAML cuts a text at its commas.
  const Json text = {
      {"type", "string"},
      {"pattern", fmt::format("^ *({}) *(\\([^)]*\\)?)? *$|^[^(]*\\)$", fmt::join(names(), "|"))}};
  Json forms = Json::array({text});
  for (const StrategyKind& kind : kinds_) {
    Json form = kind.parameters->schema(writer);
    form["properties"][kKind] = {{"enum", {kind.name()}}};
    if (&kind != usual_) {
      form["required"].push_back(kKind);
      form["type"] = "object";
    }
    forms.push_back(std::move(form));
  }
  return {{"anyOf", std::move(forms)}};
}

AnyStrategy::AnyStrategy(const StrategyFamily& family) : family_(&family), kind_(&family.usual()) {
  const std::string problem = take(*kind_, kind_->make());
  SOUNDCHECK_ASSERT(problem.empty(), "the usual {}: {}", family.what(), problem);
}

AnyStrategy::AnyStrategy(const StrategyFamily& family, std::string_view text)
    : AnyStrategy(family) {
  Mistakes mistakes;
  ParameterReader reader(mistakes);
  read(ParameterNode::plain(std::string(text)), reader);
  SOUNDCHECK_ASSERT(mistakes.empty(), "{}", mistakes.front().sentence);
}

void AnyStrategy::read(const ParameterNode& node, ParameterReader& reader) {
  if (node.is_map() && any_has_parameters(family_->kinds())) {
    read_map(node, reader);
  } else if (node.is_nothing() && family_->style() == StrategyStyle::kMap) {
    read_map(ParameterNode::map(), reader);
  } else if (expect_text(node, family_->phrase(), reader)) {
    read_text(node, reader);
  }
}

void AnyStrategy::read_text(const ParameterNode& node, ParameterReader& reader) {
  const std::string name = node.text.substr(0, node.text.find('('));
  const std::string trimmed(without_outer_blanks(name));
  const StrategyKind* const kind = family_->find(trimmed);
  if (kind == nullptr) return report_unknown_kind(*family_, trimmed, node, reader);
  const auto call = parse_call(node.text, forms_of(*family_), family_->what());
  if (!call) {
    reader.report(MistakeCode::kUnreadableValue, node.position, call.error());
    return;
  }
  ParameterNode parameters = ParameterNode::map();
  parameters.position = node.position;
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    if (call->arguments[i].empty()) continue;
    ParameterNode value = ParameterNode::plain(call->arguments[i]);
    value.position = node.position;
    parameters.set(kind->parameters->parameters()[i].name, std::move(value));
  }
  choose(*kind, parameters, node, reader);
}

void AnyStrategy::read_map(const ParameterNode& node, ParameterReader& reader) {
  const auto* const named = node.find(kKind);
  if (named == nullptr) {
    if (report_misspelt_kind(*kind_, node, reader)) return;
    // An entry of the file changes what was there, as in any other map.
    choose(*kind_, node, node, reader);
    return;
  }
  const StrategyKind* const kind = family_->find(named->value.text);
  if (kind == nullptr) {
    const ParameterReader::Inside inside(reader, std::string(kKind));
    return report_unknown_kind(*family_, named->value.text, named->value, reader);
  }
  ParameterNode parameters = node;
  std::erase_if(parameters.entries, [](const auto& entry) { return entry.name == kKind; });
  choose(*kind, parameters, node, reader);
}

void AnyStrategy::choose(const StrategyKind& kind, const ParameterNode& parameters,
                         const ParameterNode& at, ParameterReader& reader) {
  const std::size_t before = reader.mistake_count();
  std::unique_ptr<StrategyObject> object =
      &kind == kind_ && at.is_map() ? kind.copy(*given_) : kind.make();
  kind.parameters->read(parameters, kind.settings(*object), reader);
  if (reader.mistake_count() != before) return;
  const std::string problem = take(kind, std::move(object));
  if (!problem.empty()) reader.report(MistakeCode::kUnreadableValue, at.position, problem);
}

std::string AnyStrategy::take(const StrategyKind& kind, std::unique_ptr<StrategyObject> given) {
  std::unique_ptr<StrategyObject> object = kind.copy(*given);
  if (std::string problem = object->complete(); !problem.empty()) return problem;
  kind_ = &kind;
  given_ = std::move(given);
  object_ = std::move(object);
  return {};
}

std::string AnyStrategy::text() const {
  return text_of(*kind_, kind_->settings(const_cast<StrategyObject&>(*object_)));
}

ParameterNode AnyStrategy::print() const {
  if (family_->style() == StrategyStyle::kText) return ParameterNode::plain(text());
  ParameterNode node =
      kind_->parameters->print(kind_->settings(const_cast<StrategyObject&>(*object_)));
  if (kind_ != &family_->usual()) {
    node.set(std::string(kKind), ParameterNode::plain(kind_->name()));
    std::rotate(node.entries.begin(), node.entries.end() - 1, node.entries.end());
  }
  return node;
}

}  // namespace soundcheck
