#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/runtime/simulated_runtime.hpp"
#include "models/workload/load.hpp"

namespace soundcheck {

// A request ready to be sent to the system's entry.
struct PreparedRequest {
  const RpcName* method = nullptr;  // lives as long as the run
  Payload payload;
};

// A second request of the same client, some time after the answer to the first.
struct FollowUp {
  std::string name;  // of its kind
  Duration after;
  PreparedRequest request;
};

// One kind of request that clients make. `make` draws what it needs from the stream; `sequence`
// counts the workload's requests from 0.
struct RequestKind {
  std::string name;
  double weight = 1;
  std::function<PreparedRequest(RandomStream&, std::uint64_t sequence)> make;
  // What the same client asks for later, now that it knows the answer; may be empty.
  std::function<std::optional<FollowUp>(const Payload& reply, RandomStream&)> follow_up;
};

// What clients send, and when.
struct WorkloadSpec {
  Load load;
  std::vector<RequestKind> mix;
  std::uint64_t max_requests = 0;  // 0: no limit
};

// Clients of the system, outside of it, in a process of their own. They run no code that a fault
// could interrupt: an open request is a plain record.
class Workload final : public ReplyListener {
 public:
  // `process` is the clients' process, on whose host their messages start.
  Workload(SimulatedRuntime& runtime, ProcessId process, WorkloadSpec spec);

  // Sends from now until stop(). The process must be running.
  void start();
  void stop() { stopped_ = true; }
  std::uint64_t started() const { return sequence_; }
  std::uint64_t open() const { return open_; }

  void on_reply(std::uint64_t ticket, Result<Payload>&& reply) override;

 private:
  static constexpr std::uint32_t kNoClient = ~std::uint32_t{0};
  struct OpenRequest {
    NameId name;
    const RequestKind* mix = nullptr;  // asks for follow-ups; null: a follow-up itself
    std::uint32_t client = kNoClient;  // of the closed loop
    std::uint64_t trace = 0;
    Time begun;
  };
  struct Later {
    FollowUp next;
    std::uint64_t trace = 0;
  };

  void schedule_arrival();
  // Whether the clients' process is paused: then the callback comes again when it goes on.
  bool holds(Callback callback) { return runtime_.world().holds(process_, callback); }
  bool exhausted() const { return spec_.max_requests != 0 && sequence_ >= spec_.max_requests; }
  std::size_t pick(RandomStream& choices);
  void send_next(std::uint32_t client);
  void send(OpenRequest request, PreparedRequest prepared);
  void follow(FollowUp next, std::uint64_t trace);
  // The random numbers of a client of the closed loop, or of the arrivals of the open one.
  RandomStream& choices_of(std::uint32_t client) {
    return client == kNoClient ? choices_ : draws_[client];
  }
  void think(std::uint32_t client);
  void begin_in_thought(std::uint32_t client);
  static void on_arrival(void* self, std::uint64_t);
  static void on_follow(void* self, std::uint64_t packed);
  static void on_thought(void* self, std::uint64_t client);
  static void on_idle(void* self, std::uint64_t client);

  SimulatedRuntime& runtime_;
  ProcessId process_;
  WorkloadSpec spec_;
  std::vector<NameId> names_;
  std::vector<double> cumulative_;
  std::vector<std::uint64_t> made_;  // by kind
  RandomStream arrivals_;
  RandomStream choices_;
  std::vector<RandomStream> draws_;  // by client of the closed loop
  Time started_at_;
  double rate_;            // open loop: arrivals per second at 100 %
  std::uint32_t clients_;  // closed loop when above 0
  Duration gap_;
  double peak_ = 1;
  std::uint64_t sequence_ = 0;
  std::uint64_t open_ = 0;
  std::uint64_t trace_base_ = 0;
  bool stopped_ = false;
  Slab<OpenRequest> requests_;
  Slab<Later> later_;
};

}  // namespace soundcheck
