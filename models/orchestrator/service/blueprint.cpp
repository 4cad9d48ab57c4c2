#include "models/orchestrator/service/orchestrator.hpp"
#include "models/orchestrator/service/schema.hpp"

namespace soundcheck::orchestrator {

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "orchestrator";
  blueprint.help = "runs Conductor workflows: retries, timeouts, compensation";
  blueprint.replicas = 1;
  blueprint.workers = 10'000;
  blueprint.schema = document("schema.sql");
  blueprint.invariants = document("invariants.sql");
  blueprint.defects = {kFailureWorkflowLost};
  blueprint.handles<&Orchestrator::start_workflow>();
  blueprint.handles<&Orchestrator::get_workflow>();
  blueprint.handles<&Orchestrator::terminate_workflow>();
  blueprint.handles<&Orchestrator::pause_workflow>();
  blueprint.handles<&Orchestrator::resume_workflow>();
  blueprint.handles<&Orchestrator::retry_workflow>();
  blueprint.handles<&Orchestrator::restart_workflow>();
  blueprint.handles<&Orchestrator::rerun_workflow>();
  blueprint.handles<&Orchestrator::skip_task>();
  blueprint.handles<&Orchestrator::poll_task>();
  blueprint.handles<&Orchestrator::update_task>();
  blueprint.handles<&Orchestrator::extend_lease>();
  blueprint.handles<&Orchestrator::signal_task>();
  return blueprint;
}

ServiceBlueprint blueprint(std::shared_ptr<Shared> shared, std::function<RandomStream()> jitter) {
  ServiceBlueprint blueprint = orchestrator::blueprint();
  // Every start of a replica is a server of its own: its locks and its jitter are not those of its
  // former life.
  blueprint.create = [shared, jitter,
                      lives = std::make_shared<std::uint64_t>(0)](const ServiceSettings&) {
    return std::make_unique<Orchestrator>(*shared, ++*lives, jitter());
  };
  return blueprint;
}

}  // namespace soundcheck::orchestrator
