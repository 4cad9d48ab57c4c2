#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace soundcheck::test {
namespace {

namespace fs = std::filesystem;

// The two ends of a stream between this process and the started one.
struct Channel {
  int ours = -1;
  int theirs = -1;
};

Channel open_pipe(bool they_write) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return they_write ? Channel{ends[0], ends[1]} : Channel{ends[1], ends[0]};
}

Channel open_terminal(unsigned short columns) {
  Channel channel;
  winsize size{.ws_row = 25, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  if (openpty(&channel.ours, &channel.theirs, nullptr, nullptr, &size) != 0) {
    throw std::runtime_error("no terminal");
  }
  fcntl(channel.ours, F_SETFD, FD_CLOEXEC);
  return channel;
}

[[noreturn]] void become(const std::vector<std::string>& words, const fs::path& folder,
                         const ProgramSetup& setup, int input, int output, int errors) {
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(126);
  if (setup.cannot_write_files) {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  std::vector<std::string> environment = setup.environment;
  environment.push_back("PATH=" + fs::path(SOUNDCHECK_PROGRAM).parent_path().string() +
                        ":/usr/bin:/bin");
  std::vector<char*> arguments, variables;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  for (const std::string& each : environment) variables.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  execve(arguments.front(), arguments.data(), variables.data());
  _exit(127);
}

// Reads what is there; false at the end of the stream (a terminal says so by an error).
bool read_some(int stream, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t count = read(stream, buffer.data(), buffer.size());
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

void read_both(pid_t process, const ProgramSetup& setup, int output, int errors, ProgramRun& run) {
  bool interrupted = !setup.interrupt_when;
  std::array<pollfd, 2> open{pollfd{output, POLLIN, 0}, pollfd{errors, POLLIN, 0}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    poll(open.data(), open.size(), -1);
    if (open[0].revents != 0 && !read_some(output, run.output)) open[0].fd = -1;
    if (open[1].revents != 0 && !read_some(errors, run.errors)) open[1].fd = -1;
    if (!interrupted && setup.interrupt_when(run.errors)) {
      kill(process, setup.interrupt_by);
      interrupted = true;
    }
  }
}

ProgramRun start(const std::vector<std::string>& words, const fs::path& folder,
                 const ProgramSetup& setup) {
  const Channel input = open_pipe(false);
  const auto open = [&](bool on_terminal) {
    return on_terminal ? open_terminal(setup.terminal_columns) : open_pipe(true);
  };
  const Channel output = open(setup.output_on_terminal);
  const Channel errors = open(setup.errors_on_terminal);
  const pid_t process = fork();
  if (process == 0) {
    become(words, folder, setup, input.theirs, output.theirs, errors.theirs);
  }
  for (const Channel& channel : {input, output, errors}) close(channel.theirs);
  // Inputs of tests are shorter than what a pipe holds.
  if (write(input.ours, setup.input.data(), setup.input.size()) < 0) throw std::runtime_error("");
  close(input.ours);
  ProgramRun run;
  read_both(process, setup, output.ours, errors.ours, run);
  close(output.ours);
  close(errors.ours);
  int status = 0;
  waitpid(process, &status, 0);
  run.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return run;
}

}  // namespace

std::vector<std::string> ProgramRun::lines() const {
  std::vector<std::string> result;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

Workplace::Workplace() {
  std::string pattern = (fs::temp_directory_path() / "soundcheck-cli-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
  folder_ = pattern;
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Workplace::write(const std::string& file, const std::string& text) const {
  fs::create_directories((folder_ / file).parent_path());
  std::ofstream(folder_ / file, std::ios::binary) << text;
}

std::string Workplace::read(const fs::path& file) const {
  std::ifstream stream(folder_ / file, std::ios::binary);
  if (!stream) throw std::runtime_error("there is no " + file.string());
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

ProgramRun Workplace::run(const std::vector<std::string>& words, const ProgramSetup& setup) const {
  std::vector<std::string> all{SOUNDCHECK_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  return start(all, folder_, setup);
}

ProgramRun Workplace::run_shell(const std::string& script, const ProgramSetup& setup) const {
  return start({"/bin/bash", "-e", "-o", "pipefail", "-c", script}, folder_, setup);
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, width = 0;
  for (const char c : text) {
    const bool begins_character = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    width = c == '\n' ? 0 : width + (begins_character ? 1 : 0);
    widest = std::max(widest, width);
  }
  return widest;
}

}  // namespace soundcheck::test
