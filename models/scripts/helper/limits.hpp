#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace soundcheck::scripts {

// Takes from this process what a script has no use for, and bounds its memory: at most
// `process_bytes` of address space beyond what it has now.
void restrict_process(std::size_t process_bytes);

// Watches the CPU time of this process from a thread of its own, which sleeps on that clock: an
// idle process costs nothing.
class CpuWatch {
 public:
  // `stop` is called from the thread when a script has used up its time, again and again until the
  // next one begins.
  explicit CpuWatch(std::function<void()> stop);
  CpuWatch(const CpuWatch&) = delete;
  CpuWatch& operator=(const CpuWatch&) = delete;

  // A script begins, and may use that many seconds. What does not heed `stop` is killed two seconds
  // later.
  void allow(int seconds);

 private:
  [[noreturn]] void watch();

  std::function<void()> stop_;
  std::atomic<std::int64_t> deadline_;  // CPU time of the process, in ns
};

}  // namespace soundcheck::scripts
