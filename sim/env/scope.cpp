#include "sim/env/scope.hpp"

#include <algorithm>
#include <vector>

namespace soundcheck {

Scope::~Scope() {
  destroy_frames();
}

Scope::Root& Scope::adopt(CoroutineBase& coroutine, RootFinished finished) {
  const Handle<Root> handle = roots_.take();
  Root& root = roots_[handle];
  root = Root{this, &coroutine, finished, handle, ++started_};
  coroutine.on_root_done = &Scope::on_done;
  coroutine.root_owner = &root;
  return root;
}

void Scope::drop(Root& root) {
  root.order = 0;
  CoroutineBase* const coroutine = root.coroutine;
  roots_.give_back(root.self);
  coroutine->handle.destroy();
}

void Scope::on_done(CoroutineBase& coroutine) {
  Root& root = *static_cast<Root*>(coroutine.root_owner);
  Scope& scope = *root.scope;
  if (root.finished.function != nullptr && !scope.doomed()) {
    root.finished.function(root.finished.object, root.finished.argument, coroutine);
  }
  scope.drop(root);
}

void Scope::start_now(CoroutineBase& coroutine, RootFinished finished) {
  if (doomed()) {
    coroutine.handle.destroy();
    return;
  }
  adopt(coroutine, finished);
  resume_coroutine(coroutine);
}

void Scope::start(CoroutineBase& coroutine, RootFinished finished) {
  if (doomed()) {
    coroutine.handle.destroy();
    return;
  }
  const Root& root = adopt(coroutine, finished);
  ready_.post({&Scope::start_posted, this, root.self.packed()});
}

void Scope::start_posted(void* self, std::uint64_t packed_root) {
  auto& scope = *static_cast<Scope*>(self);
  Root* const root = scope.roots_.find(Handle<Root>::unpack(packed_root));
  if (root == nullptr || scope.doomed()) return;
  if (scope.gate_.holds({&Scope::start_posted, self, packed_root})) return;
  resume_coroutine(*root->coroutine);
}

void Scope::destroy_frames() {
  std::vector<Root*> running;
  for (std::uint32_t i = 0; i < roots_.size(); ++i) {
    if (roots_.at_index(i).order != 0) running.push_back(&roots_.at_index(i));
  }
  std::ranges::sort(running, {}, &Root::order);
  doom();  // nothing starts any more, whatever the destructors do
  for (Root* const root : running) drop(*root);
}

}  // namespace soundcheck
