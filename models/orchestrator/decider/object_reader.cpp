#include "models/orchestrator/decider/object_reader.hpp"

#include <algorithm>
#include <limits>

#include "sim/core/did_you_mean.hpp"

namespace soundcheck::conductor {

namespace {

std::string with_suggestion(std::string message, const std::string& typed,
                            std::span<const std::string> names) {
  const std::string nearest = nearest_name(typed, names);
  return nearest.empty() ? message : message + "; did you mean '" + nearest + "'?";
}

std::string shown(const Json& value) {
  std::string text = value.dump();
  return text.size() <= 40 ? text : text.substr(0, 37) + "...";
}

std::string is_missing(const std::string& name) {
  return "'" + name + "' is missing";
}

bool asks_for_nothing(const Json& value) {
  return value.is_null() || value == false || (value.is_structured() && value.empty()) ||
         value == "";
}

}  // namespace

void ReadingContext::problem(bool warning, std::vector<JsonStep> at, std::string message) {
  DefinitionProblem problem{warning, path_text(at), 0, 0, std::move(message)};
  if (!text.empty()) {
    const JsonPosition position = position_of(text, at);
    problem.line = position.line;
    problem.column = position.column;
  }
  problem.steps = std::move(at);
  problems.push_back(std::move(problem));
}

std::string to_text(const DefinitionProblem& problem) {
  std::string text;
  if (problem.line > 0)
    text = std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": ";
  if (!problem.path.empty()) text += problem.path + ": ";
  return text + (problem.warning ? "warning: " : "") + problem.message;
}

ObjectReader::ObjectReader(ReadingContext& context, const Json& object)
    : context_(context), object_(object) {
  if (!object.is_object()) {
    context_.problem(false, context_.path, "an object is needed here, not " + shown(object));
  }
}

std::vector<JsonStep> ObjectReader::at(const char* name) const {
  std::vector<JsonStep> path = context_.path;
  path.emplace_back(std::string(name));
  return path;
}

const Json* ObjectReader::member(const char* name) {
  known_.emplace_back(name);
  if (!object_.is_object()) return nullptr;
  const auto it = object_.find(name);
  return it == object_.end() || it->is_null() ? nullptr : &*it;
}

void ObjectReader::error(const char* name, std::string message) {
  context_.problem(false, at(name), std::move(message));
}

void ObjectReader::warn(const char* name, std::string message) {
  context_.problem(true, at(name), std::move(message));
}

void ObjectReader::wrong_type(const char* name, const char* wanted, const Json& value) {
  error(name, std::string(wanted) + " is needed here, not " + shown(value));
}

void ObjectReader::no_such_choice(const char* name, const std::string& given,
                                  std::span<const std::string> names) {
  std::string list;
  for (const std::string& choice : names) list += (list.empty() ? "" : ", ") + choice;
  error(name, with_suggestion("'" + given + "' is none of " + list, given, names));
}

void ObjectReader::text(const char* name, std::string& value) {
  const Json* json = member(name);
  if (!json) return;
  if (!json->is_string()) return wrong_type(name, "a text", *json);
  value = json->get<std::string>();
}

void ObjectReader::text(const char* name, std::optional<std::string>& value) {
  std::string read;
  text(name, read);
  const auto it = object_.is_object() ? object_.find(name) : object_.end();
  if (object_.is_object() && it != object_.end() && it->is_string()) value = std::move(read);
}

void ObjectReader::boolean(const char* name, bool& value) {
  const Json* json = member(name);
  if (!json) return;
  if (!json->is_boolean()) return wrong_type(name, "true or false", *json);
  value = json->get<bool>();
}

std::optional<std::int64_t> ObjectReader::whole_number(const char* name, std::int64_t least,
                                                       std::int64_t most) {
  const Json* json = member(name);
  if (!json) return std::nullopt;
  if (!json->is_number_integer()) {
    wrong_type(name, "a whole number", *json);
    return std::nullopt;
  }
  const auto number = json->get<std::int64_t>();
  if (number < least || number > most) {
    error(name, "must be " + std::to_string(least) + " or more" +
                    (number > most ? " and fit 32 bits" : "") + ", not " + std::to_string(number));
    return std::nullopt;
  }
  return number;
}

void ObjectReader::integer(const char* name, std::int32_t& value, std::int32_t least) {
  const auto read = whole_number(name, least, std::numeric_limits<std::int32_t>::max());
  if (read) value = static_cast<std::int32_t>(*read);
}

void ObjectReader::integer(const char* name, std::int64_t& value, std::int64_t least) {
  // Seconds beyond 32 bits would leave simulated time (292 years).
  if (const auto read = whole_number(name, least, std::numeric_limits<std::int32_t>::max()))
    value = *read;
}

void ObjectReader::integer(const char* name, std::optional<std::int32_t>& value,
                           std::int32_t least) {
  const auto read = whole_number(name, least, std::numeric_limits<std::int32_t>::max());
  if (read) value = static_cast<std::int32_t>(*read);
}

void ObjectReader::object(const char* name, Json& value) {
  const Json* json = member(name);
  if (!json) return;
  if (!json->is_object()) return wrong_type(name, "an object", *json);
  value = *json;
}

void ObjectReader::any(const char* name, Json& value) {
  if (const Json* json = member(name)) value = *json;
}

void ObjectReader::texts(const char* name, std::vector<std::string>& value) {
  const Json* json = member(name);
  if (!json) return;
  if (!json->is_array()) return wrong_type(name, "a list of texts", *json);
  for (const Json& element : *json) {
    if (!element.is_string()) return wrong_type(name, "a list of texts", *json);
    value.push_back(element.get<std::string>());
  }
}

void ObjectReader::ignored(std::initializer_list<const char*> names) {
  for (const char* name : names) known_.emplace_back(name);
}

void ObjectReader::not_simulated(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const Json* json = member(name);
    if (json && !asks_for_nothing(*json)) warn(name, "accepted, but its effect is not simulated");
  }
}

void ObjectReader::without_effect(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const Json* json = member(name);
    if (json && !asks_for_nothing(*json))
      warn(name, "ignored: conductor-oss reads it and has no code that does anything with it");
  }
}

void ObjectReader::require(const char* name, bool present) {
  if (!present) context_.problem(false, context_.path, is_missing(name));
}

void ObjectReader::finish() {
  if (!object_.is_object() || !context_.strict) return;
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    // One mistake, though it leaves two traces.
    const auto forgotten = std::erase_if(context_.problems, [&](const DefinitionProblem& problem) {
      return problem.steps == context_.path &&
             problem.message == is_missing(nearest_name(name, known_));
    });
    if (forgotten > 0) {
      error(name.c_str(),
            with_suggestion("Conductor knows no such field, and one that it needs is missing", name,
                            known_));
    } else {
      warn(name.c_str(), with_suggestion("ignored, Conductor knows no such field", name, known_));
    }
    context_.problems.back().about_name = true;
  }
}

}  // namespace soundcheck::conductor
