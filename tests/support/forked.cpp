#include "tests/support/forked.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature) && __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

#include <array>
#include <cstdio>
#include <cstdlib>

namespace soundcheck::test {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    read_end = ends[0];
    write_end = ends[1];
  }
};

[[noreturn]] void run_child(const std::function<std::string()>& function, int text, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::string result;
  try {
    result = function();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "exception in the child: " << error.what();
  }
  std::fflush(nullptr);
  for (std::size_t done = 0; done < result.size();) {
    const ssize_t count = write(text, result.data() + done, result.size() - done);
    if (count <= 0) _exit(2);
    done += static_cast<std::size_t>(count);
  }
#if defined(__has_feature) && __has_feature(address_sanitizer)
  if (__lsan_do_recoverable_leak_check() != 0) _exit(3);
#endif
  // Not exit(): the parent's tests are not ours to tear down.
  _exit(testing::Test::HasFailure() ? 1 : 0);
}

// Reads both pipes until the child has closed them, so that neither fills up.
void drain(const Pipe& text_pipe, const Pipe& output_pipe, Forked& result) {
  std::array<pollfd, 2> polled = {
      {{text_pipe.read_end, POLLIN, 0}, {output_pipe.read_end, POLLIN, 0}}};
  std::array<std::string*, 2> sinks = {&result.text, &result.output};
  for (int open = 2; open > 0;) {
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      std::array<char, 65536> buffer;
      const ssize_t count = read(polled[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        sinks[i]->append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count == 0) {
        close(polled[i].fd);
        polled[i].fd = -1;  // poll ignores it
        --open;
      }
    }
  }
}

}  // namespace

Forked run_forked(const std::function<std::string()>& function) {
  const Pipe text;
  const Pipe output;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) {
    close(text.read_end);
    close(output.read_end);
    run_child(function, text.write_end, output.write_end);
  }
  close(text.write_end);
  close(output.write_end);
  Forked result;
  drain(text, output, result);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace soundcheck::test
