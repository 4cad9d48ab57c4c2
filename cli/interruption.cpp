#include "cli/interruption.hpp"

#include <signal.h>

namespace soundcheck::cli {
namespace {

volatile sig_atomic_t interrupted = 0;

void note_signal(int) {
  interrupted = 1;
}

void handle(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = handler == SIG_DFL ? 0 : static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
  interrupted = 0;
  handle(note_signal);
}

Interruption::~Interruption() {
  handle(SIG_DFL);
}

bool Interruption::requested() const {
  return interrupted != 0;
}

}  // namespace soundcheck::cli
