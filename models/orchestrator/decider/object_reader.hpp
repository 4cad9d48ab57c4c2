#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/orchestrator/decider/json_position.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// What reading one document has found so far, and where in it the reader is.
struct ReadingContext {
  std::string_view text;  // empty if only a value was given
  std::vector<DefinitionProblem> problems;
  std::vector<JsonStep> path;
  bool strict = true;  // unknown fields are worth a warning

  void problem(bool warning, std::vector<JsonStep> at, std::string message);
};

// Reads the members of one JSON object, each by its name and type. A member that is null counts as
// absent. What was not asked for by the end is an unknown field, which Conductor ignores.
class ObjectReader {
 public:
  ObjectReader(ReadingContext& context, const Json& object);

  void text(const char* name, std::string& value);
  void text(const char* name, std::optional<std::string>& value);
  void boolean(const char* name, bool& value);
  void integer(const char* name, std::int32_t& value, std::int32_t least);
  void integer(const char* name, std::int64_t& value, std::int64_t least);
  void integer(const char* name, std::optional<std::int32_t>& value, std::int32_t least);
  void object(const char* name, Json& value);  // must be an object
  void any(const char* name, Json& value);
  void texts(const char* name, std::vector<std::string>& value);
  // One of `choices`; the index of the choice is written.
  template <class Enum, std::size_t n>
  void choice(const char* name, Enum& value,
              const std::pair<std::string_view, Enum> (&choices)[n]) {
    std::string given;
    text(name, given);
    if (given.empty()) return;
    std::vector<std::string> names;
    for (const auto& [choice_name, choice] : choices) {
      if (choice_name == given) {
        value = choice;
        return;
      }
      names.emplace_back(choice_name);
    }
    no_such_choice(name, given, names);
  }

  // The member's value, or null if it is absent; for nested readers, under `at`.
  const Json* member(const char* name);
  // Known and without meaning for a run.
  void ignored(std::initializer_list<const char*> names);
  // Known, but what it asks for is not simulated: a warning if it asks for anything.
  void not_simulated(std::initializer_list<const char*> names);

  // Known, and read by Conductor without any effect: a warning if it asks for anything.
  void without_effect(std::initializer_list<const char*> names);

  void require(const char* name, bool present);
  void error(const char* name, std::string message);
  void warn(const char* name, std::string message);
  void finish();

  ReadingContext& context() { return context_; }

 private:
  void wrong_type(const char* name, const char* wanted, const Json& value);
  void no_such_choice(const char* name, const std::string& given,
                      std::span<const std::string> names);
  std::optional<std::int64_t> whole_number(const char* name, std::int64_t least, std::int64_t most);
  std::vector<JsonStep> at(const char* name) const;

  ReadingContext& context_;
  const Json& object_;
  std::vector<std::string> known_;
};

// Extends the path while it lives.
class PathScope {
 public:
  PathScope(ReadingContext& context, JsonStep step) : context_(context) {
    context.path.push_back(std::move(step));
  }
  ~PathScope() { context_.path.pop_back(); }
  PathScope(const PathScope&) = delete;
  PathScope& operator=(const PathScope&) = delete;

 private:
  ReadingContext& context_;
};

}  // namespace soundcheck::conductor
