#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "sim/core/ids.hpp"
#include "sim/core/pool.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

class Scope;
class Runtime;

// The saga that a request works for. Copied with every message; services neither read it nor pass
// it on by hand (the fence table's writer does, through Transaction).
struct SagaContext {
  std::uint64_t saga = 0;            // 0: none. The textual saga id is its 16 hexadecimal digits
  NameId workflow;                   // name of the workflow definition
  NameId step;                       // reference name of the task
  std::uint32_t attempt = 0;         // 0 for the first try of the step
  std::uint32_t execution : 31 = 0;  // of the task, in TaskEffects; 0: none
  bool undo : 1 = false;             // works for a compensation
};

// Who asks, on whose behalf, until when. One per running handler, task or background loop.
struct RequestContext {
  Runtime* runtime = nullptr;
  Scope* scope = nullptr;
  ProcessId process;  // where this code runs
  std::uint32_t references = 0;
  std::uint64_t trace = 0;  // the same for everything that one client request causes
  SagaContext saga;
  Time deadline = Time::never();
};
static_assert(sizeof(RequestContext) <= 64, "one cache line");

// Counted reference to a pooled RequestContext.
class ContextRef {
 public:
  ContextRef() = default;
  static ContextRef make(RequestContext value) {
    ContextRef ref;
    ref.context_ = ::new (pool_allocate(sizeof(RequestContext))) RequestContext(value);
    ref.context_->references = 1;
    return ref;
  }
  ContextRef(const ContextRef& other) : context_(other.context_) {
    if (context_ != nullptr) ++context_->references;
  }
  ContextRef(ContextRef&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
  ContextRef& operator=(ContextRef other) noexcept {
    std::swap(context_, other.context_);
    return *this;
  }
  ~ContextRef() {
    if (context_ != nullptr && --context_->references == 0)
      pool_free(context_, sizeof(RequestContext));
  }

  RequestContext& operator*() const { return *context_; }
  RequestContext* operator->() const { return context_; }
  explicit operator bool() const { return context_ != nullptr; }

 private:
  RequestContext* context_ = nullptr;
};

}  // namespace soundcheck
