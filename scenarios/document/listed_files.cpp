#include "scenarios/document/listed_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "scenarios/document/json_tree.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostListedFiles = 1'000;

// `*` stands for any characters, `?` for one.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    return matches(pattern.substr(1), name) || (!name.empty() && matches(pattern, name.substr(1)));
  }
  return !name.empty() && (pattern[0] == '?' || pattern[0] == name[0]) &&
         matches(pattern.substr(1), name.substr(1));
}

class Splicer {
 public:
  Splicer(Document& document, std::string_view field) : document_(document), field_(field) {}

  void run() {
    auto* const entry = document_.root.find(field_);
    if (entry == nullptr) return;
    ParameterNode& list = entry->value;
    if (list.is_text()) {  // workflows: order.json
      ParameterNode one = ParameterNode::list();
      one.position = list.position;
      one.items.push_back(std::move(list));
      list = std::move(one);
    }
    if (!list.is_list()) return;  // reported when the scenario is read
    std::vector<ParameterNode> items;
    std::swap(items, list.items);
    for (ParameterNode& item : items) {
      if (item.is_text()) {
        splice(item, list.items);
      } else {
        list.items.push_back(std::move(item));
      }
    }
  }

 private:
  void splice(const ParameterNode& item, std::vector<ParameterNode>& into) {
    const auto files = files_of(item);
    if (!files) return report(MistakeCode::kBadInclude, item, files.error());
    for (const fs::path& file : *files) read(file, item, into);
  }

  void report(MistakeCode code, const ParameterNode& item, std::string sentence) {
    document_.is_whole = false;
    document_.mistakes.push_back(
        {code, item.position, std::string(field_), std::move(sentence), "", ""});
  }

  Parsed<std::vector<fs::path>> files_of(const ParameterNode& item) const {
    const fs::path pattern = item.text;
    const std::string name = pattern.filename().string();
    const bool many = name.find_first_of("*?") != std::string::npos;
    const fs::path folder = pattern.has_parent_path() ? pattern.parent_path() : fs::path(".");
    const auto found = document_.locate((many ? folder : pattern).string(), item.position);
    if (!found) return std::unexpected(found.error());
    if (!many) return std::vector<fs::path>{*found};
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(*found, error)) {
      if (entry.is_regular_file(error) && matches(name, entry.path().filename().string()))
        files.push_back(entry.path().lexically_normal());
    }
    std::ranges::sort(files);
    if (files.empty()) return std::unexpected(fmt::format("no file matches '{}'", item.text));
    return files;
  }

  void read(const fs::path& path, const ParameterNode& item, std::vector<ParameterNode>& into) {
    if (document_.sources.size() >= kMostListedFiles) {
      return report(MistakeCode::kBadInclude, item,
                    fmt::format("more than {} files", kMostListedFiles));
    }
    const auto text = read_text_file(path);
    if (!text) return report(MistakeCode::kUnreadableFile, item, text.error());
    document_.sources.emplace_back(path.string(), path.parent_path(), *text);
    const int index = static_cast<int>(document_.sources.size()) - 1;
    const std::size_t before = document_.mistakes.size();
    ParameterNode content = parse_json(document_.sources.back(), index, document_.mistakes);
    if (document_.mistakes.size() > before && content.is_nothing()) {
      document_.is_whole = false;
    } else if (content.is_nothing() || (content.is_list() && content.items.empty())) {
      report(MistakeCode::kWrongKind, item,
             fmt::format("no definition stands in '{}'", path.string()));
    } else if (content.is_list()) {
      for (ParameterNode& element : content.items) into.push_back(std::move(element));
    } else {
      into.push_back(std::move(content));
    }
  }

  Document& document_;
  std::string_view field_;
};

}  // namespace

void splice_listed_files(Document& document, std::string_view field) {
  Splicer(document, field).run();
}

}  // namespace soundcheck
