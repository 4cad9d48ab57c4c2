#include "models/scripts/script_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

namespace soundcheck {
namespace {

using namespace script_wire;

constexpr const char* kHelper = "soundcheck-scripts";

// The helper lies beside the program, beside its folder (test programs), or where it is installed.
std::string helper_path() {
  std::array<char, 4096> self{};
  const ssize_t size = ::readlink("/proc/self/exe", self.data(), self.size());
  if (size <= 0) return {};
  const std::string program(self.data(), static_cast<std::size_t>(size));
  const std::string folder = program.substr(0, program.rfind('/'));
  for (const char* where : {"/", "/../", "/../../", "/../libexec/soundcheck/"}) {
    std::string candidate = folder + where + kHelper;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

}  // namespace

ScriptProcess::~ScriptProcess() {
  stop();
}

// By exec, so that it inherits nothing: no memory of a large run, no open file, no environment.
bool ScriptProcess::start() {
  std::string path = helper_path();
  if (path.empty()) return false;
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return false;
  std::array<std::string, 3> numbers{std::to_string(limits_.cpu_seconds),
                                     std::to_string(limits_.javascript_bytes),
                                     std::to_string(limits_.process_bytes)};
  char* const arguments[] = {path.data(), numbers[0].data(), numbers[1].data(), numbers[2].data(),
                             nullptr};
  char* const no_environment[] = {nullptr};
  // A duplicate onto itself would keep close-on-exec, so the number must differ.
  int theirs = sockets[1];
  if (theirs == kSocket) theirs = ::fcntl(sockets[1], F_DUPFD_CLOEXEC, kSocket + 1);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs, kSocket);
  pid_t child = 0;
  const bool good = theirs >= 0 && ::posix_spawn(&child, path.c_str(), &actions, nullptr, arguments,
                                                 no_environment) == 0;
  posix_spawn_file_actions_destroy(&actions);
  if (theirs >= 0 && theirs != sockets[1]) ::close(theirs);
  ::close(sockets[1]);
  if (!good) {
    ::close(sockets[0]);
    return false;
  }
  process_ = child;
  owner_ = ::getpid();
  socket_ = sockets[0];
  ++started_;
  return true;
}

void ScriptProcess::stop() {
  if (socket_ >= 0) ::close(socket_);
  if (process_ > 0 && owner_ == ::getpid()) {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  socket_ = -1;
  process_ = 0;
}

std::expected<std::string, std::string> ScriptProcess::run(ScriptLanguage language,
                                                           const std::string& script,
                                                           const std::string& input) {
  if (process_ > 0 && owner_ != ::getpid()) stop();  // the helper of the process we were forked off
  if (process_ == 0 && !start()) {
    return std::unexpected(std::string("the helper program ") + kHelper +
                           " could not be started; it belongs beside this program or in "
                           "../libexec/soundcheck");
  }
  ScriptEnd end = ScriptEnd::kLimit;
  std::optional<std::string> text;
  if (send_all(socket_, &language, sizeof language) && send_text(socket_, script) &&
      send_text(socket_, input) && receive_all(socket_, &end, sizeof end)) {
    text = receive_text(socket_);
  }
  if (!text) stop();  // killed at a limit
  if (!text || end == ScriptEnd::kLimit) return std::unexpected(kScriptKilled);
  if (end == ScriptEnd::kError) return std::unexpected(std::move(*text));
  return std::move(*text);
}

}  // namespace soundcheck
