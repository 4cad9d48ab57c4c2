#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace soundcheck {

enum class ScriptLanguage : std::uint8_t { kJavascript, kJq };

// How a script ended: with a value (JSON text), with an error of its own (a sentence), or at a
// limit.
enum class ScriptEnd : std::uint8_t { kValue, kError, kLimit };

// What program and helper say to each other over a socket. A question: the language, the script,
// its input as JSON text. An answer: how it ended, a text. A byte stands for an enumerator, a text
// follows its length. Inline, so that the helper links nothing else of this folder.
namespace script_wire {

// Where the helper finds its end of the socket.
inline constexpr int kSocket = 3;

// No signal when the other side is gone, only an error.
inline bool send_all(int socket, const void* data, std::size_t size) {
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = ::send(socket, next, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    next += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

inline bool receive_all(int socket, void* data, std::size_t size) {
  char* next = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t received = ::recv(socket, next, size, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    next += received;
    size -= static_cast<std::size_t>(received);
  }
  return true;
}

inline bool send_text(int socket, const std::string& text) {
  const std::uint64_t size = text.size();
  return send_all(socket, &size, sizeof size) && send_all(socket, text.data(), text.size());
}

inline std::optional<std::string> receive_text(int socket) {
  std::uint64_t size = 0;
  if (!receive_all(socket, &size, sizeof size)) return std::nullopt;
  std::string text(size, '\0');
  if (!receive_all(socket, text.data(), text.size())) return std::nullopt;
  return text;
}

}  // namespace script_wire
}  // namespace soundcheck
