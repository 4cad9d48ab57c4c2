#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/pool.hpp"

namespace soundcheck {

// What every coroutine of a service shares, whatever it returns.
struct CoroutineBase {
  std::coroutine_handle<> handle;
  CoroutineBase* parent = nullptr;  // who awaits this one; null for a root
  void (*on_root_done)(CoroutineBase&) =
      nullptr;  // roots only: tells the owner, which may destroy the frame
  void* root_owner = nullptr;
  bool done = false;

  static void* operator new(std::size_t size) { return pool_allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { pool_free(frame, size); }
};

// Resumes a suspended coroutine, and then whoever awaited it, as long as each of them finishes. The
// only place where a coroutine is resumed: the stack does not grow with the number of awaits, in
// any build type, because no coroutine resumes its parent from inside its own frame.
inline void resume_coroutine(CoroutineBase& suspended) {
  CoroutineBase* current = &suspended;
  for (;;) {
    current->handle.resume();
    if (!current->done) return;
    CoroutineBase* const parent = current->parent;
    if (parent == nullptr) {
      if (current->on_root_done != nullptr) current->on_root_done(*current);
      return;
    }
    current = parent;
  }
}

template <class T>
class Task;

namespace detail {

struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> handle) const noexcept {
    handle.promise().done = true;
  }
  void await_resume() const noexcept {}
};

struct PromiseBase : CoroutineBase {
  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  // Service logic reports failures as Result values; an exception that gets here is a bug of ours.
  [[noreturn]] void unhandled_exception() const noexcept {
    try {
      throw;
    } catch (const std::exception& error) {
      assertion_failed(__FILE__, __LINE__, "no exception leaves a coroutine", error.what());
    } catch (...) {
      assertion_failed(__FILE__, __LINE__, "no exception leaves a coroutine", "unknown exception");
    }
  }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

// A lazy coroutine: runs when awaited (or when a Scope starts it as a root), is owned by whoever
// holds the Task, and its frame, with all that it awaits, is destroyed with the Task.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  // Gives up ownership: for a Scope, which destroys the frame itself.
  Handle release() { return std::exchange(handle_, {}); }

  struct Awaiter {
    Handle child;
    bool await_ready() const noexcept { return false; }
    template <class ParentPromise>
    bool await_suspend(std::coroutine_handle<ParentPromise> parent) const {
      child.promise().parent = &parent.promise();
      child.resume();
      return !child.promise().done;  // a child that finished at once does not suspend its parent
    }
    T await_resume() const { return child.promise().take(); }
  };
  Awaiter operator co_await() const& { return Awaiter{handle_}; }
  Awaiter operator co_await() && { return Awaiter{handle_}; }

 private:
  Handle handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() {
  const auto self = std::coroutine_handle<Promise<T>>::from_promise(*this);
  handle = self;
  return Task<T>(self);
}
inline Task<void> Promise<void>::get_return_object() {
  const auto self = std::coroutine_handle<Promise<void>>::from_promise(*this);
  handle = self;
  return Task<void>(self);
}
}  // namespace detail

}  // namespace soundcheck
