#pragma once

#include <cstdint>

#include "sim/core/ready_queue.hpp"
#include "sim/core/slab.hpp"
#include "sim/core/task.hpp"
#include "sim/env/process_gate.hpp"

namespace soundcheck {

// Called when a root finished, with its promise still alive; the frame is destroyed afterwards.
struct RootFinished {
  void (*function)(void* object, std::uint64_t argument, CoroutineBase& root) = nullptr;
  void* object = nullptr;
  std::uint64_t argument = 0;
};

// Owner of the root coroutines of one incarnation of one process, behind its gate. Nothing else
// owns a frame: children are owned by their parent's frame. A crash dooms the scope at once (what
// is ready in it is skipped, nothing new starts) and destroys its frames later, from the ready
// queue, when no coroutine of it can be on the C++ stack.
class Scope {
 public:
  explicit Scope(ReadyQueue& ready) : ready_(ready), gate_(ready) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();

  // Starts a root at once. Only where no coroutine is running: callbacks of the kernel or of the
  // ready queue. In a doomed scope the frame is destroyed unstarted.
  void start_now(CoroutineBase& root, RootFinished finished = {});
  // Starts a root from the ready queue: from anywhere.
  void start(CoroutineBase& root, RootFinished finished = {});

  ProcessGate& gate() { return gate_; }
  bool doomed() const { return gate_.doomed(); }
  void doom() { gate_.doom(); }
  // Destroys all frames, oldest root first. Only where no coroutine of this scope is running.
  void destroy_frames();
  std::size_t roots() const { return roots_.in_use(); }

 private:
  struct Root {
    Scope* scope = nullptr;
    CoroutineBase* coroutine = nullptr;
    RootFinished finished;
    Handle<Root> self;
    std::uint64_t order = 0;  // of the start; 0: not in use
  };

  Root& adopt(CoroutineBase& coroutine, RootFinished finished);
  void drop(Root& root);
  static void on_done(CoroutineBase& coroutine);
  static void start_posted(void* self, std::uint64_t packed_root);

  ReadyQueue& ready_;
  ProcessGate gate_;
  Slab<Root> roots_;
  std::uint64_t started_ = 0;
};

}  // namespace soundcheck
