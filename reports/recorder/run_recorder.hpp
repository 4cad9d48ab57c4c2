#pragma once

#include <cstdint>
#include <vector>

#include "reports/recorder/fault_windows.hpp"
#include "reports/recorder/resource_log.hpp"
#include "reports/recorder/series.hpp"
#include "reports/recorder/service_directory.hpp"
#include "reports/recorder/traffic.hpp"
#include "reports/recorder/workflow_log.hpp"
#include "sim/events/event_stream.hpp"
#include "sim/events/name_table.hpp"

namespace soundcheck {

class Ledger;

// Listens to a run and keeps what reports are made of: requests and sagas by type and by fault
// window, faults with detection and recovery, services, calls, the run over time. Memory is bounded
// by the number of services, methods, request types and faults, and by kMostSteps seconds; it does
// not grow with the number of requests (but with the work of scripted workers, see WorkflowLog).
// About 10 to 30 ns an event.
class RunRecorder final : public EventListener {
 public:
  // `ledger`, if there is one, tells how many sagas are open; both outlive the recorder's use.
  RunRecorder(EventStream& events, ServiceDirectory directory, const Ledger* ledger = nullptr,
              std::vector<Resource> resources = {});
  RunRecorder(const RunRecorder&) = delete;
  RunRecorder& operator=(const RunRecorder&) = delete;

  void on_event(const Event& event) override;
  // Call once, when the run has ended; nothing is complete before. Sagas that are open then have
  // not come to their end, unless the run was aborted.
  void finish(Time at, bool aborted = false);

  const FaultWindows& windows() const { return windows_; }
  const Traffic& traffic() const { return traffic_; }
  const WorkflowLog& workflows() const { return workflows_; }
  const Series& series() const { return series_; }
  const ResourceLog& resources() const { return resources_; }
  const ServiceDirectory& directory() const { return directory_; }
  const Names& names() const { return names_; }
  // Request types are numbered as they were first met.
  std::size_t request_types() const { return types_.size(); }
  std::string_view request_type(std::uint32_t type) const { return names_.text(types_[type]); }
  const ErrorCounts& request_errors(std::uint32_t type) const { return request_errors_[type]; }
  // So are the workflows that sagas began with.
  std::size_t saga_types() const { return sagas_.size(); }
  std::string_view saga_type(std::uint32_t type) const { return names_.text(sagas_[type]); }

  std::uint32_t active_strikes() const { return active_strikes_; }
  std::uint64_t requests_started() const { return started_; }
  std::uint64_t requests_ended() const { return ended_; }
  std::string_view phase() const { return names_.text(phase_); }  // "" before the first one

 private:
  void begin_second(Time at);
  void on_rare_event(const Event& event);
  void on(Time at, const RequestStarted& request);
  void on(Time at, const RequestEnded& request);
  void on(Time at, const CallEnded& call);
  void on(Time at, const CallRetried& call);
  void on(Time at, const HandlerEnded& handler);
  void on(const RequestRefused& request);
  void on(Time at, const TransactionEnded& transaction);
  void on(Time at, const SagaStarted& started);
  void on(Time at, const SagaEnded& ended);
  void on(Time at, const PhaseStarted& started);
  void end_open_sagas(Time at);
  void show_replicas(ProcessId process);  // of its service, in the series

  const Names& names_;
  const Ledger* ledger_;
  ServiceDirectory directory_;
  NameTable types_;
  NameTable sagas_;
  FaultWindows windows_;
  Traffic traffic_;
  WorkflowLog workflows_;
  Series series_;
  ResourceLog resources_;
  std::vector<ErrorCounts> request_errors_;  // by type
  NameId phase_;
  Time second_end_ = Time::at(Duration::seconds(1));
  std::uint32_t active_strikes_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t ended_ = 0;
};

}  // namespace soundcheck
