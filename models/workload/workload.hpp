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

// A request ready to be sent to the system's entry; without a method there is nobody to send it.
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
// counts the workload's requests of the kind from 0.
struct RequestKind {
  std::string name;
  double weight = 1;
  std::function<PreparedRequest(RandomStream&, std::uint64_t sequence)> make;
  // What the same client asks for later, now that it knows the answer; may be empty.
  std::function<std::optional<FollowUp>(const Payload& reply, RandomStream&)> follow_up;
  // RequestType::renew
  Payload (*renew)(Payload request, std::uint32_t attempt) = nullptr;
};

// What clients send, and when.
struct WorkloadSpec {
  Load load;
  std::vector<RequestKind> mix;
  std::uint64_t max_requests = 0;  // 0: no limit
};

// Clients of the system, outside of it, in processes of their own. They run no code that a fault
// could interrupt: an open request is a plain record.
class Workload final : public ReplyListener {
 public:
  // `processes` are the clients', on whose hosts their messages start: requests take them in turn,
  // a client of the closed loop keeps its own.
  Workload(SimulatedRuntime& runtime, std::vector<ProcessId> processes, WorkloadSpec spec);
  Workload(SimulatedRuntime& runtime, ProcessId process, WorkloadSpec spec)
      : Workload(runtime, std::vector<ProcessId>{process}, std::move(spec)) {}

  // Sends from now until stop(). The processes must be running.
  void start();
  void stop() { stopped_ = true; }
  std::uint64_t started() const { return sequence_; }
  std::uint64_t open() const { return open_; }

  void on_reply(std::uint64_t ticket, Result<Payload>&& reply) override;
  Payload before_retry(std::uint64_t ticket, Payload&& request) override;

 private:
  static constexpr std::uint32_t kNoClient = ~std::uint32_t{0};
  struct OpenRequest {
    NameId name;
    const RequestKind* mix = nullptr;  // asks for follow-ups; null: a follow-up itself
    std::uint32_t client = kNoClient;  // of the closed loop
    ProcessId process;
    std::uint64_t trace = 0;
    std::uint32_t retries = 0;
    Time begun;
  };
  struct Later {
    FollowUp next;
    std::uint64_t trace = 0;
    ProcessId process;
  };

  void schedule_arrival();
  ProcessId process_of(std::uint32_t client) const {
    return processes_[(client == kNoClient ? sequence_ : client) % processes_.size()];
  }
  // Whether the client's process is paused: then the callback comes again when it goes on.
  bool holds(std::uint32_t client, Callback callback) {
    return runtime_.world().holds(process_of(client), callback);
  }
  bool exhausted() const { return spec_.max_requests != 0 && sequence_ >= spec_.max_requests; }
  std::size_t pick(RandomStream& choices);
  void send_next(std::uint32_t client);
  void send(OpenRequest request, PreparedRequest prepared);
  void follow(FollowUp next, const OpenRequest& after);
  // The random numbers of a client of the closed loop, or of the arrivals of the open one.
  RandomStream& choices_of(std::uint32_t client) {
    return client == kNoClient ? choices_ : draws_[client];
  }
  void pause(std::uint32_t client, Time begun);
  void begin_in_pause(std::uint32_t client);
  static void on_arrival(void* self, std::uint64_t);
  static void on_follow(void* self, std::uint64_t packed);
  static void on_next(void* self, std::uint64_t client);
  static void on_idle(void* self, std::uint64_t client);

  SimulatedRuntime& runtime_;
  std::vector<ProcessId> processes_;
  WorkloadSpec spec_;
  std::vector<NameId> names_;
  std::vector<NameId> nobody_;  // by kind: what is said when nobody is there to send it
  std::vector<double> cumulative_;
  std::vector<std::uint64_t> made_;  // by kind
  RandomStream arrivals_;
  RandomStream choices_;
  RandomStream patience_;
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
