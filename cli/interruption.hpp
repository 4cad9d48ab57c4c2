#pragma once

namespace soundcheck::cli {

// While it lives, the first Ctrl-C (or SIGTERM) is only noted, so that the run can end in order. A
// second one ends the program at once. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool requested() const;
};

}  // namespace soundcheck::cli
