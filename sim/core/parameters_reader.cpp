#include "sim/core/parameters_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/did_you_mean.hpp"

namespace soundcheck {

void ParameterReader::report(MistakeCode code, const SourcePosition& position, std::string sentence,
                             std::string hint, std::string note) {
  mistakes_.push_back(
      {code, position, path(), std::move(sentence), std::move(hint), std::move(note)});
}

void ParameterReader::report_unknown(MistakeCode code, const SourcePosition& position,
                                     std::string sentence, const std::string& typed,
                                     const std::vector<std::string>& names,
                                     std::string_view names_are) {
  const std::string nearest = nearest_name(typed, names);
  const std::string list =
      names.empty() ? std::string("nothing") : fmt::format("{}", fmt::join(names, ", "));
  report(code, position, std::move(sentence),
         nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest),
         fmt::format("{}: {}", names_are, list));
  if (code == MistakeCode::kUnknownField) mistakes_.back().meant = nearest;
}

std::string ParameterReader::path() const {
  return fmt::format("{}", fmt::join(path_, "."));
}

}  // namespace soundcheck
