#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document/diagnostics.hpp"
#include "sim/core/parameters_reader.hpp"

namespace soundcheck {

// A configuration as written: the main file with what it includes below it and the overrides above
// it, merged into one tree. Maps are merged field by field; lists and single values are replaced as
// a whole.
struct Document {
  ParameterNode root = ParameterNode::map();
  Sources sources;  // the main file is the first
  Mistakes mistakes;
  bool is_readable = true;  // false: the main file could not be understood, `root` says nothing
  bool is_whole = true;     // false: an included file is missing from `root`
  std::filesystem::path main_folder;
  // Files may be named that lie here or below: the folder of the main file's folder, so that
  // `../topologies/x.yaml` is reached from `scenarios/`, and nothing of the rest of the machine is.
  std::filesystem::path project_folder;

  // Where a file lies that was named at `named_at`, or a sentence.
  Parsed<std::filesystem::path> locate(const std::string& path,
                                       const SourcePosition& named_at) const;
};

// One argument of --set: path=value.
using Overrides = std::vector<std::string>;

// Reads everything. Never fails: what is wrong stands in the document's mistakes. Entries of the
// lists named in `file_lists` may be names of JSON files, whose content then takes their place
// (listed_files.hpp); overrides reach into it. `fields` are those at the top, which no line of a
// text should look like.
Document load_document(const std::filesystem::path& path, const Overrides& overrides,
                       std::span<const std::string_view> file_lists = {},
                       std::span<const std::string> fields = {});

// Changes one value: "services.payments.replicas=4", "faults.0.at=2m",
// "workload.evening.arrivals=poisson(9/s)".
void apply_override(const std::string& argument, Document& document);

}  // namespace soundcheck
