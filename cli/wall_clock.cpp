#include "cli/wall_clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>

namespace soundcheck::cli {
namespace {

double peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

std::string machine() {
  utsname name{};
  if (uname(&name) != 0) return "";
  return fmt::format("{} {} {}, {} processors", name.sysname, name.release, name.machine,
                     sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace

std::string WallClock::folder_stamp() const {
  return fmt::format("{:%Y%m%d-%H%M%S}",
                     fmt::localtime(std::chrono::system_clock::to_time_t(started_)));
}

MachineFacts WallClock::facts(std::string replay) const {
  std::error_code ignored;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - from_;
  return {.started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                    fmt::gmtime(std::chrono::system_clock::to_time_t(started_))),
          .wall_seconds = elapsed.count(),
          .peak_memory_bytes = peak_memory_bytes(),
          .machine = machine(),
          .compiler = __VERSION__,
#ifdef NDEBUG
          .build_type = "release",
#else
          .build_type = "debug",
#endif
          .working_folder = std::filesystem::current_path(ignored).string(),
          .replay = std::move(replay)};
}

}  // namespace soundcheck::cli
