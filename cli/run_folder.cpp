#include "cli/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "reports/output/text_file.hpp"
#include "reports/output/writer.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck::cli {
namespace {

namespace fs = std::filesystem;
using Problem = std::unexpected<std::string>;

constexpr const char* kRuns = "runs";
constexpr const char* kDatabases = "databases";
constexpr const char* kLatest = "latest";
constexpr const char* kUnfinished = ".unfinished-";
constexpr const char* kFormer = "-former";
constexpr const char* kBroken = "-broken";
constexpr std::size_t kLongestName = 80;
constexpr int kMostOfOneName = 1000;

// A scenario's name as the name of a folder: nothing that leads elsewhere or hides.
std::string folder_name(const std::string& scenario) {
  std::string name = scenario.substr(0, kLongestName);
  for (char& c : name) {
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '.' && c != '-') c = '-';
  }
  if (name.starts_with('.')) name.front() = '-';
  if (name.empty() || name == kLatest) name += "-scenario";
  return name;
}

bool is_part_of_a_run(const std::string& name) {
  return name == kDatabases || std::ranges::find(writers(), name, &Writer::file) != writers().end();
}

// Whether a folder may be replaced: nothing in it but what a run writes. A sentence if not.
std::expected<void, std::string> check_replaceable(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() == fs::file_type::not_found) return {};
  if (status.type() != fs::file_type::directory) {
    return Problem(fmt::format("'{}' is in the way: it is no folder", folder.string()));
  }
  fs::directory_iterator entries(folder, error);
  if (error) return Problem(fmt::format("'{}': {}", folder.string(), error.message()));
  bool empty = true;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    empty = false;
    if (!is_part_of_a_run(name)) {
      return Problem(fmt::format("'{}' holds '{}', which is no part of a run: it would be lost",
                                 folder.string(), name));
    }
  }
  if (!empty && !fs::exists(folder / "run.json", error)) {
    return Problem(fmt::format("'{}' is neither empty nor a former run", folder.string()));
  }
  return {};
}

// A symbolic link is replaced in one step, so that `latest` always leads somewhere. That it cannot
// be made is no loss: the folder itself is named to the user.
void point_latest_to(const fs::path& folder) {
  const fs::path runs = folder.parent_path().parent_path();
  const fs::path latest = runs / kLatest;
  const fs::path unfinished = runs / fmt::format(".{}-{}", kLatest, getpid());
  std::error_code error;
  if (fs::exists(fs::symlink_status(latest, error)) && !fs::is_symlink(latest, error)) return;
  fs::create_directory_symlink(folder.lexically_relative(runs), unfinished, error);
  if (!error) fs::rename(unfinished, latest, error);
  if (error) fs::remove(unfinished, error);
}

// A lock on a folder, which goes with the process that holds it; -1 if another one holds it.
int lock_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

// Unfinished folders whose process is dead. (A former run that was to be replaced stays.)
void remove_abandoned(const fs::path& beside, const std::string& beginning) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(beside, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(beginning) || name.ends_with(kFormer)) continue;
    const int lock = lock_folder(entry.path());
    if (lock < 0) continue;
    fs::remove_all(entry.path(), ignored);
    close(lock);
  }
}

}  // namespace

std::expected<RunFolder, std::string> RunFolder::open(const fs::path& output,
                                                      const std::string& scenario,
                                                      const std::string& started) {
  fs::path target = output;
  if (!output.empty()) {
    if (!target.has_filename()) target = target.parent_path();  // "results/"
    if (const auto fine = check_replaceable(target); !fine) return Problem(fine.error());
  }
  const fs::path beside =
      output.empty() ? fs::path(kRuns) / folder_name(scenario) : target.parent_path();
  const std::string beginning = target.filename().string() + kUnfinished;
  remove_abandoned(beside.empty() ? "." : beside, beginning);
  const fs::path unfinished = beside / fmt::format("{}{}", beginning, getpid());
  std::error_code error;
  fs::create_directories(unfinished, error);
  if (error) {
    return Problem(fmt::format("the folder '{}' cannot be made: {}",
                               (output.empty() ? unfinished.parent_path() : target).string(),
                               error.message()));
  }
  return RunFolder(unfinished, target, started, lock_folder(unfinished));
}

RunFolder::RunFolder(fs::path unfinished, fs::path output, std::string started, int lock)
    : unfinished_(std::move(unfinished)),
      output_(std::move(output)),
      started_(std::move(started)),
      lock_(lock) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : unfinished_(std::exchange(other.unfinished_, {})),
      output_(std::move(other.output_)),
      started_(std::move(other.started_)),
      lock_(std::exchange(other.lock_, -1)) {}

RunFolder::~RunFolder() {
  std::error_code ignored;
  if (lock_ >= 0) close(lock_);
  if (unfinished_.empty()) return;
  fs::remove_all(unfinished_, ignored);
  if (output_.empty()) {  // folders made for nothing; those with other runs stay
    fs::remove(unfinished_.parent_path(), ignored);
    fs::remove(kRuns, ignored);
  }
}

fs::path RunFolder::databases() const {
  return unfinished_ / kDatabases;
}

std::expected<fs::path, std::string> RunFolder::finish(const EndedRun& run) {
  for (const Writer& writer : writers()) {
    const auto written = write_text_file(unfinished_ / writer.file, writer.text(run));
    if (!written) return Problem(written.error());
  }
  const std::string& digest = run.report.facts.digest;
  auto folder = output_.empty() ? rename_to_new(fmt::format("{}-{}", started_, digest.substr(0, 4)))
                                : rename_to_output();
  if (folder && output_.empty()) point_latest_to(*folder);
  if (folder) unfinished_.clear();
  return folder;
}

std::expected<fs::path, std::string> RunFolder::keep_broken(
    const std::vector<std::pair<std::string, std::string>>& files) {
  for (const auto& [name, text] : files) {
    const auto written = write_text_file(unfinished_ / name, text);
    if (!written) return Problem(written.error());
  }
  auto folder = rename_to_new((output_.empty() ? started_ : output_.filename().string()) + kBroken);
  if (folder) unfinished_.clear();
  return folder;
}

std::expected<fs::path, std::string> RunFolder::rename_to_output() {
  // What a former run left is only removed when the new one stands in its place.
  if (const auto fine = check_replaceable(output_); !fine) return Problem(fine.error());
  fs::path former = unfinished_;
  former += kFormer;
  std::error_code error;
  const bool replaces = fs::exists(output_, error);
  if (replaces) fs::rename(output_, former, error);
  if (!error) fs::rename(unfinished_, output_, error);
  if (error) {
    std::error_code ignored;
    if (replaces && !fs::exists(output_, ignored)) fs::rename(former, output_, ignored);
    return Problem(fmt::format("'{}' cannot be written: {}", output_.string(), error.message()));
  }
  if (replaces) fs::remove_all(former, error);
  return output_;
}

std::expected<fs::path, std::string> RunFolder::rename_to_new(const std::string& name) {
  std::error_code error;
  for (int number = 1; number <= kMostOfOneName; ++number) {
    const fs::path folder =
        unfinished_.parent_path() / (number == 1 ? name : fmt::format("{}-{}", name, number));
    fs::rename(unfinished_, folder, error);  // refuses to replace a folder with something in it
    if (error == std::errc::directory_not_empty || error == std::errc::file_exists) continue;
    if (error) break;
    return folder;
  }
  return Problem(fmt::format("a folder in '{}' cannot be written: {}",
                             unfinished_.parent_path().string(), error.message()));
}

}  // namespace soundcheck::cli
