#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/parameters_mistake.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// What reading and describing parameters need from outside. Everything may be left empty.
struct ParameterContext {
  // The content of a file that a value names, relative to the source that names it.
  std::function<Parsed<std::string>(const std::string& path, const SourcePosition& named_at)>
      read_file;
};

// Goes through a configuration, knows the path of the value being read and collects mistakes.
class ParameterReader {
 public:
  ParameterReader(Mistakes& mistakes, ParameterContext context = {})
      : mistakes_(mistakes), context_(std::move(context)) {}

  // Extends the path while it lives.
  class Inside {
   public:
    Inside(ParameterReader& reader, const std::string& name) : reader_(reader) {
      reader_.path_.push_back(name);
    }
    ~Inside() { reader_.path_.pop_back(); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    ParameterReader& reader_;
  };

  void report(MistakeCode code, const SourcePosition& position, std::string sentence,
              std::string hint = {}, std::string note = {});
  // What was reported last is taken all the same.
  void last_is_a_warning() { mistakes_.back().is_warning = true; }
  // Reports a name that is none of `names`, with the nearest of them as hint and all of them as
  // note.
  void report_unknown(MistakeCode code, const SourcePosition& position, std::string sentence,
                      const std::string& typed, const std::vector<std::string>& names,
                      std::string_view names_are);

  const ParameterContext& context() const { return context_; }
  std::size_t mistake_count() const { return mistakes_.size(); }
  std::string path() const;

 private:
  Mistakes& mistakes_;
  ParameterContext context_;
  std::vector<std::string> path_;
};

}  // namespace soundcheck
