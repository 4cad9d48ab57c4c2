#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soundcheck {
struct EndedRun;
}

namespace soundcheck::cli {

// Where the results of one run go. They are written into an unfinished folder beside the final
// place, which gets its name when everything is there: a run folder is whole or absent. Destroying
// this without finish() leaves nothing behind; what processes that were killed have left is cleaned
// up by the next run beside it.
class RunFolder {
 public:
  // Exactly `output`, which must not exist, be empty or hold a former run; without it a new folder
  // `runs/<scenario>/<started>-<digest>` below the working folder. A sentence if the folder cannot
  // be made or something is in the way.
  static std::expected<RunFolder, std::string> open(const std::filesystem::path& output,
                                                    const std::string& scenario,
                                                    const std::string& started);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  // Where databases may be put during the run; they move with the rest.
  std::filesystem::path databases() const;

  // Writes the files of reports/writers.def and gives the folder its name; answers with it, or with
  // a sentence.
  std::expected<std::filesystem::path, std::string> finish(const EndedRun& run);

  // Of a run that a mistake of the program ends: writes these files (name and text), besides what
  // is there, and keeps the folder under a name that says so.
  std::expected<std::filesystem::path, std::string> keep_broken(
      const std::vector<std::pair<std::string, std::string>>& files);

 private:
  RunFolder(std::filesystem::path unfinished, std::filesystem::path output, std::string started,
            int lock);
  std::expected<std::filesystem::path, std::string> rename_to_output();
  // The first that is free of `name`, `name`-2, ...
  std::expected<std::filesystem::path, std::string> rename_to_new(const std::string& name);

  std::filesystem::path unfinished_;  // empty: moved from, or finished
  std::filesystem::path output_;      // empty: a new folder beside the unfinished one
  std::string started_;
  int lock_ = -1;  // on the unfinished folder: the process lives
};

}  // namespace soundcheck::cli
