#include "sim/world/process_streams.hpp"

#include <fmt/format.h>

#include "sim/world/world.hpp"

namespace soundcheck {

RandomStream& ProcessStreams::make(ProcessId process) {
  if (process.index() >= streams_.size()) streams_.resize(process.index() + 1);
  auto& stream = streams_[process.index()];
  const std::string_view name = world_->names().text(world_->process(process).name);
  stream = std::make_unique<RandomStream>(world_->random(fmt::format("{}/{}", purpose_, name)));
  return *stream;
}

}  // namespace soundcheck
