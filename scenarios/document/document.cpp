#include "scenarios/document/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/document/listed_files.hpp"
#include "scenarios/document/yaml.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 64;
constexpr std::string_view kFormatVersion = "1";

void merge_over(ParameterNode& base, ParameterNode over) {
  if (!base.is_map() || !over.is_map()) {
    base = std::move(over);
    return;
  }
  base.position = over.position;
  for (auto& entry : over.entries) {
    if (auto* known = base.find(entry.name)) {
      known->name_position = entry.name_position;
      merge_over(known->value, std::move(entry.value));
    } else {
      base.entries.push_back(std::move(entry));
    }
  }
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  return std::ranges::mismatch(folder, path).in1 == folder.end();
}

fs::path resolved(const fs::path& path) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(fs::absolute(path, error), error);
  if (!result.has_filename()) result = result.parent_path();
  return error ? path.lexically_normal() : result;
}

void check_version(Document& document, const ParameterNode& root) {
  const auto* version = root.find("soundcheck");
  if (version == nullptr || version->value.text == kFormatVersion) return;
  if (!version->value.is_text()) return;  // the table of the scenario reports that
  document.mistakes.push_back(
      {MistakeCode::kUnsupportedVersion, version->value.position, "",
       fmt::format("version '{}' of the format is unknown", version->value.text),
       fmt::format("this program reads version {}", kFormatVersion), ""});
}

// Reads files, and those that they include, depth first.
class FileReader {
 public:
  FileReader(Document& document, std::span<const std::string> fields)
      : document_(document), fields_(fields) {}

  ParameterNode read(const fs::path& path, const SourcePosition& named_at) {
    const auto text = read_text_file(path);
    if (!text) {
      if (document_.sources.empty()) document_.sources.emplace_back(path.string(), "", "");
      report(MistakeCode::kUnreadableFile, named_at, text.error());
      return give_up();
    }
    document_.sources.emplace_back(path.string(), path.parent_path(), *text);
    const int index = static_cast<int>(document_.sources.size()) - 1;
    const std::size_t before = document_.mistakes.size();
    ParameterNode root =
        parse_yaml(document_.sources.back(), index, document_.mistakes, 0, fields_);
    const auto fatal = [](const Mistake& mistake) {
      return mistake.code == MistakeCode::kNotYaml || mistake.code == MistakeCode::kTooComplex;
    };
    if (std::any_of(document_.mistakes.begin() + static_cast<std::ptrdiff_t>(before),
                    document_.mistakes.end(), fatal)) {
      return give_up();
    }
    if (root.is_nothing()) root = ParameterNode::map();
    if (!root.is_map()) {
      report(MistakeCode::kWrongKind, root.position,
             fmt::format("{} stands where a map of fields is expected", root.kind_in_words()),
             "a scenario begins with 'soundcheck: 1'");
      return give_up();
    }
    if (root.entries.empty()) root.position = {index, 1, 1, 1};
    check_version(document_, root);
    return with_includes(std::move(root), resolved(path));
  }

 private:
  // The file is not part of the document.
  ParameterNode give_up() {
    (stack_.empty() ? document_.is_readable : document_.is_whole) = false;
    return ParameterNode::map();
  }

  void report(MistakeCode code, const SourcePosition& where, std::string sentence,
              std::string hint = {}) {
    document_.mistakes.push_back({code, where, "", std::move(sentence), std::move(hint), ""});
  }

  ParameterNode with_includes(ParameterNode root, const fs::path& path) {
    const auto entry = std::ranges::find(root.entries, "include", &ParameterNode::Entry::name);
    if (entry == root.entries.end()) return root;
    ParameterNode includes = std::move(entry->value);
    root.entries.erase(entry);
    if (includes.is_text()) {
      ParameterNode list = ParameterNode::list();
      list.items.push_back(std::move(includes));
      includes = std::move(list);
    }
    if (!includes.is_list()) {
      report(MistakeCode::kWrongKind, includes.position, "include takes a list of files");
      return root;
    }
    stack_.push_back(path);
    ParameterNode base = ParameterNode::map();
    for (const ParameterNode& item : includes.items) merge_over(base, include(item));
    stack_.pop_back();
    merge_over(base, std::move(root));
    return base;
  }

  ParameterNode include(const ParameterNode& item) {
    if (!item.is_text()) {
      report(MistakeCode::kWrongKind, item.position, "include takes names of files");
      return give_up();
    }
    const auto path = document_.locate(item.text, item.position);
    if (!path) {
      report(MistakeCode::kBadInclude, item.position, path.error());
    } else if (std::ranges::find(stack_, resolved(*path)) != stack_.end()) {
      report(MistakeCode::kBadInclude, item.position,
             fmt::format("'{}' includes itself", item.text));
    } else if (document_.sources.size() >= kMostFiles) {
      report(MistakeCode::kBadInclude, item.position,
             fmt::format("more than {} files", kMostFiles));
    } else {
      return read(*path, item.position);
    }
    return give_up();
  }

  Document& document_;
  std::span<const std::string> fields_;
  std::vector<fs::path> stack_;  // the files that include the one being read
};

}  // namespace

Parsed<fs::path> Document::locate(const std::string& path, const SourcePosition& named_at) const {
  const Source& source = sources.at(static_cast<std::size_t>(named_at.source));
  const fs::path result = (source.folder() / path).lexically_normal();
  if (!lies_below(resolved(result), project_folder)) {
    return std::unexpected(fmt::format("'{}' lies outside the folder of this project, '{}'", path,
                                       project_folder.filename().string()));
  }
  std::error_code error;
  if (!fs::exists(result, error)) {
    return std::unexpected(fmt::format("there is no file '{}'", result.string()));
  }
  return result;
}

Document load_document(const fs::path& path, const Overrides& overrides,
                       std::span<const std::string_view> file_lists,
                       std::span<const std::string> fields) {
  Document document;
  document.main_folder = path == "-" ? resolved(".") : resolved(path).parent_path();
  document.project_folder = document.main_folder.parent_path();
  document.root = FileReader(document, fields).read(path, {});
  const std::size_t files = document.sources.size();
  for (const std::string_view field : file_lists) splice_listed_files(document, field);
  for (const std::string& argument : overrides) apply_override(argument, document);
  const auto* const version = document.root.find("soundcheck");
  const bool is_overridden =
      version != nullptr && static_cast<std::size_t>(version->value.position.source) >= files;
  if (is_overridden) check_version(document, document.root);
  for (const std::string_view field : file_lists) splice_listed_files(document, field);
  return document;
}

}  // namespace soundcheck
