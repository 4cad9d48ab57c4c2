#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// A JSONPath as Conductor's library (Jayway) reads it, parsed once: member and index access,
// slices, unions, wildcards, deep scans, filters with comparisons, and the functions length(),
// size(), keys(), first(), last(), min(), max(), sum(), avg(). A leading "$" or "$." may be left
// out. A path without wildcard, slice, union, scan or filter is definite and yields one value.
class JsonPath {
 public:
  // Nothing if the text is no path.
  static std::optional<JsonPath> parse(std::string_view text);

  bool definite() const { return definite_; }
  bool plain() const { return definite_ && !calls_; }  // find() tells all that read() does
  std::size_t size() const { return steps_.size(); }
  // The member name of a step, or nothing if that step is not a plain member access.
  const std::string* member(std::size_t step) const;

  // Reads from the step `first` on. A value that is not there is null; an indefinite path yields a
  // list, empty if nothing matches. Never fails: Conductor suppresses exceptions here.
  Json read(const Json& document, std::size_t first = 0) const;
  // The same without a copy, for a path that is definite and calls no function; null if not there.
  const Json* find(const Json& document, std::size_t first = 0) const;

 private:
  friend class JsonPathParser;
  struct Comparison;
  struct Member {
    std::string name;
  };
  struct Index {
    std::int64_t index;
  };
  struct Indices {
    std::vector<std::int64_t> indices;
  };
  struct Members {
    std::vector<std::string> names;
  };
  struct Slice {
    std::optional<std::int64_t> from, to;
  };
  struct Wildcard {};
  struct DeepScan {};  // the next step is tried at every depth
  struct Filter {
    std::shared_ptr<const Comparison> condition;
  };
  struct Function {
    std::string name;
  };
  using Step =
      std::variant<Member, Index, Indices, Members, Slice, Wildcard, DeepScan, Filter, Function>;
  // One side of a comparison in a filter: a path from the current element, or a constant.
  using Operand = std::variant<std::shared_ptr<const JsonPath>, Json>;
  struct Comparison {
    enum class Kind { kExists, kCompare, kAnd, kOr, kNot } kind = Kind::kExists;
    Operand left, right;
    std::string relation;  // == != < <= > >= in
    std::vector<std::shared_ptr<const Comparison>> parts;
  };

  static bool holds(const Comparison& condition, const Json& element);
  void apply(const Json& value, std::size_t step, std::vector<const Json*>& found) const;
  static Json call(const std::string& function, const std::vector<const Json*>& found,
                   bool definite);

  std::vector<Step> steps_;
  bool definite_ = true;
  bool calls_ = false;  // ends in a function
};

}  // namespace soundcheck::conductor
