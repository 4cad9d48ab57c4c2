#include "tests/layers/source_scan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace soundcheck::layers {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::size_t kLongestFile = 450;
constexpr std::size_t kLongestTest = 600;  // a table of cases may be longer
constexpr std::size_t kWidestLine = 100;

struct Layer {
  std::string folder;
  Words may_include;
  Words outside;
};

struct Table {
  std::map<std::string, Layer> layers;
  Words everywhere;
  Words guarded;
  Layer never;  // words outside must not be written in the folders of may_include

  // The layer of all files of this name ("*/api.hpp"), else the one with the longest folder that
  // contains the path, if any.
  const Layer* layer_of(std::string path) const {
    const std::string by_name = "*/" + path.substr(path.rfind('/') + 1);
    if (auto found = layers.find(by_name); found != layers.end()) return &found->second;
    for (auto slash = path.rfind('/'); slash != std::string::npos; slash = path.rfind('/')) {
      path.resize(slash);
      if (auto found = layers.find(path); found != layers.end()) return &found->second;
    }
    return nullptr;
  }
};

struct Include {
  std::string name;
  bool quoted;
};

Words split_words(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Words lines_of(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  Words lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Table read_table(const fs::path& file) {
  Table table;
  for (const std::string& line : lines_of(file)) {
    if (line.empty() || line.starts_with('#')) continue;
    auto first = line.find(':');
    auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      throw std::runtime_error(fmt::format("{}: two colons wanted in '{}'", file.string(), line));
    }
    Words folder = split_words(line.substr(0, first));
    Words outside = split_words(line.substr(second + 1));
    if (folder.size() != 1) throw std::runtime_error(file.string() + ": one folder a line");
    if (folder[0] == "*") {
      table.everywhere = outside;
    } else if (folder[0] == "guarded") {
      table.guarded = outside;
    } else {
      Words may_include = split_words(line.substr(first + 1, second - first - 1));
      Layer& layer = folder[0] == "never" ? table.never : table.layers[folder[0]];
      layer = {folder[0], may_include, outside};
    }
  }
  return table;
}

// All C++ files below the table's top-level folders, in a fixed order, as paths from the root.
Words cpp_files(const fs::path& root, const Table& table) {
  std::set<std::string> tops, files;
  for (const auto& [folder, layer] : table.layers) tops.insert(folder.substr(0, folder.find('/')));
  for (const std::string& top : tops) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      auto extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp" || extension == ".def") {
        files.insert(fs::relative(entry.path(), root).generic_string());
      }
    }
  }
  return {files.begin(), files.end()};
}

std::optional<Include> include_in(std::string_view line) {
  auto skip_blanks = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (!line.starts_with('"') && !line.starts_with('<')) return std::nullopt;
  bool quoted = line[0] == '"';
  auto end = line.find(quoted ? '"' : '>', 1);
  return Include{std::string(line.substr(1, end - 1)), quoted};
}

bool names(const std::string& word, const std::string& folder) {
  if (word == "*" || word == folder) return true;
  if (!word.ends_with("/*")) return false;
  return folder == word.substr(0, word.size() - 2) ||
         folder.starts_with(word.substr(0, word.size() - 1));
}

bool names_one_of(const Words& words, const std::string& folder) {
  return std::ranges::any_of(words, [&](const auto& word) { return names(word, folder); });
}

bool begins_with_one_of(const std::string& header, const Words& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::string& beginning) {
    bool whole_name = !beginning.ends_with('/');
    return whole_name ? header == beginning : header.starts_with(beginning);
  });
}

std::string problem_with(const Include& include, const Layer& layer, const Table& table) {
  if (include.quoted) {
    const Layer* target = table.layer_of(include.name);
    if (target == nullptr) return "paths in includes start at the repository's root";
    if (target == &layer) return "";
    return names_one_of(layer.may_include, target->folder)
               ? ""
               : fmt::format("{} may not include {}", layer.folder, target->folder);
  }
  bool standard = include.name.find_first_of("./") == std::string::npos;
  if (standard && !begins_with_one_of(include.name, table.guarded)) return "";
  if (begins_with_one_of(include.name, table.everywhere)) return "";
  if (begins_with_one_of(include.name, layer.outside)) return "";
  return fmt::format("this header does not enter through {}", layer.folder);
}

// Walks the table's arrows depth first; an arrow back into the path just walked closes a circle.
class CircleSearch {
 public:
  explicit CircleSearch(const Table& table) : table_(table) {}

  std::vector<std::string> problems() {
    for (const auto& [folder, layer] : table_.layers) visit(layer);
    return problems_;
  }

 private:
  void visit(const Layer& layer) {
    const auto met = std::ranges::find(path_, layer.folder);
    if (met != path_.end()) {
      problems_.push_back(
          fmt::format("table: {} -> {}", fmt::join(met, path_.end(), " -> "), layer.folder));
      return;
    }
    const bool everything = names_one_of(layer.may_include, "");
    if (everything || !done_.insert(layer.folder).second) return;
    path_.push_back(layer.folder);
    for (const auto& [folder, target] : table_.layers) {
      if (folder != layer.folder && names_one_of(layer.may_include, folder)) visit(target);
    }
    path_.pop_back();
  }

  const Table& table_;
  std::set<std::string> done_;
  Words path_;
  std::vector<std::string> problems_;
};

// Columns as an editor counts them: bytes that continue a UTF-8 character take no place.
std::size_t columns(const std::string& line) {
  return std::ranges::count_if(
      line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
}

}  // namespace

std::vector<std::string> include_problems(const fs::path& root, const fs::path& table_file) {
  Table table = read_table(table_file);
  std::vector<std::string> problems;
  for (const std::string& file : cpp_files(root, table)) {
    const Layer* layer = table.layer_of(file);
    if (layer == nullptr) {
      problems.push_back(fmt::format("{}:1: the table of layers does not name its folder", file));
      continue;
    }
    std::size_t number = 0;
    for (const std::string& line : lines_of(root / file)) {
      ++number;
      std::optional<Include> include = include_in(line);
      if (!include) continue;
      std::string problem = problem_with(*include, *layer, table);
      if (!problem.empty()) {
        problems.push_back(fmt::format("{}:{}: '{}': {}", file, number, include->name, problem));
      }
    }
  }
  return problems;
}

std::vector<std::string> circle_problems(const fs::path& table_file) {
  const Table table = read_table(table_file);
  return CircleSearch(table).problems();
}

std::vector<std::string> word_problems(const fs::path& root, const fs::path& table_file) {
  Table table = read_table(table_file);
  std::vector<std::string> problems;
  for (const std::string& file : cpp_files(root, table)) {
    const Layer* layer = table.layer_of(file);
    if (layer == nullptr || !names_one_of(table.never.may_include, layer->folder)) continue;
    std::size_t number = 0;
    for (const std::string& line : lines_of(root / file)) {
      ++number;
      std::string code = line.substr(0, line.find("//"));
      for (const std::string& word : table.never.outside) {
        if (code.find(word) == std::string::npos) continue;
        problems.push_back(fmt::format("{}:{}: '{}' differs between machines or runs: not in {}",
                                       file, number, word, layer->folder));
      }
    }
  }
  return problems;
}

std::vector<std::string> size_problems(const fs::path& root, const fs::path& table_file) {
  std::vector<std::string> problems;
  for (const std::string& file : cpp_files(root, read_table(table_file))) {
    Words lines = lines_of(root / file);
    const std::size_t longest = file.starts_with("tests/") ? kLongestTest : kLongestFile;
    if (lines.size() > longest) {
      problems.push_back(fmt::format("{}:{}: {} lines, at most {}: split it by concept", file,
                                     longest, lines.size(), longest));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!file.ends_with(".def") && columns(lines[i]) > kWidestLine) {
        problems.push_back(fmt::format("{}:{}: wider than {} columns", file, i + 1, kWidestLine));
      }
    }
  }
  return problems;
}

}  // namespace soundcheck::layers
