#include "models/scripts/helper/limits.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>
#include <utility>

namespace soundcheck::scripts {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SOUNDCHECK_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SOUNDCHECK_ADDRESS_SANITIZER
#endif

#ifdef SOUNDCHECK_ADDRESS_SANITIZER
constexpr bool kAddressSpaceCanBeLimited = false;  // its shadow memory alone is 20 TB
#else
constexpr bool kAddressSpaceCanBeLimited = true;
#endif

std::size_t address_space_now() {
  unsigned long pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t cpu_time_used() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * kSecond + used.tv_nsec;
}

}  // namespace

void restrict_process(std::size_t process_bytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGINT, SIG_IGN);  // a Ctrl-C is the simulator's business
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (kAddressSpaceCanBeLimited) {
    const auto most = static_cast<rlim_t>(address_space_now() + process_bytes);
    const rlimit both{most, most};
    setrlimit(RLIMIT_AS, &both);
  }
  // Libraries complain on stderr when they die.
  if (std::freopen("/dev/null", "w", stderr) == nullptr) std::_Exit(1);
}

CpuWatch::CpuWatch(std::function<void()> stop)
    : stop_(std::move(stop)), deadline_(std::numeric_limits<std::int64_t>::max()) {
  std::thread([this] { watch(); }).detach();  // the process ends by _exit
}

void CpuWatch::allow(int seconds) {
  const std::int64_t used = cpu_time_used();
  deadline_.store(used + seconds * kSecond);
  const auto killed_after = static_cast<rlim_t>(used / kSecond + seconds + 3);
  const rlimit both{killed_after, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &both);
}

void CpuWatch::watch() {
  for (;;) {
    // Never far away: a new script may have a nearer deadline than the one slept for.
    const std::int64_t used = cpu_time_used();
    const std::int64_t wake = std::min(std::max(deadline_.load(), used), used + kSecond / 10);
    const timespec until{.tv_sec = wake / kSecond, .tv_nsec = wake % kSecond};
    clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &until, nullptr);
    if (cpu_time_used() >= deadline_.load()) {
      stop_();
      const timespec pause{.tv_sec = 0, .tv_nsec = 10'000'000};
      clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &pause, nullptr);
    }
  }
}

}  // namespace soundcheck::scripts
