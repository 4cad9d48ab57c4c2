#include "scenarios/assembly/workflows.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/decider/calendar.hpp"
#include "models/orchestrator/decider/definition_reader.hpp"
#include "models/sagas/sagas.hpp"
#include "scenarios/model/workflow_tasks.hpp"

namespace soundcheck {
namespace {

// Definitions of our own are right, or we are wrong.
template <class T>
T checked(conductor::Read<T> read) {
  for (const conductor::DefinitionProblem& problem : read.problems) {
    SOUNDCHECK_ASSERT(problem.warning, "{}", conductor::to_text(problem));
  }
  return std::move(read.value);
}

Duration worst_case(const conductor::TaskDefinition& task) {
  const std::int64_t pause =
      task.max_retry_delay_seconds > 0 ? task.max_retry_delay_seconds : task.retry_delay_seconds;
  return Duration::seconds((pause + task.response_timeout_seconds) * task.retry_count);
}

// What an input of a task can be: the text itself, or what the workloads give for it.
std::vector<std::string> texts_of(const Json& inputs, const char* name, const Scenario& scenario) {
  constexpr std::string_view kInput = "${workflow.input.";
  const auto found = inputs.find(name);
  if (found == inputs.end() || !found->is_string()) return {};
  const std::string text = found->get<std::string>();
  if (!text.starts_with(kInput) || !text.ends_with('}')) return {text};
  const std::string member = text.substr(kInput.size(), text.size() - kInput.size() - 1);
  std::vector<std::string> texts;
  for (const ScenarioWorkload& load : scenario.workload) {
    const auto given = load.input.find(member);
    if (given != load.input.end() && given->is_string()) texts.push_back(given->get<std::string>());
  }
  return texts;
}

// Of a WAIT whose duration or end is written down or comes with the workload; one that is computed
// is known when it runs.
Duration length_of_wait(const conductor::TaskInWorkflow& task, const Scenario& scenario) {
  Duration longest;
  if (task.type != conductor::TaskType::kWait) return longest;
  for (const std::string& text : texts_of(task.input_parameters, "duration", scenario))
    longest = std::max(longest, conductor::parse_wait_duration(text).value_or(Duration()));
  for (const std::string& text : texts_of(task.input_parameters, "until", scenario))
    longest = std::max(longest, conductor::parse_wait_until(text).value_or(Time()).since_start());
  return longest;
}

// The name under which a scenario scripts a task.
bool names_task(const std::string& name, const Scenario& scenario,
                const conductor::WorkflowDefinition& workflow,
                const conductor::TaskInWorkflow& task) {
  return name == task.reference || name == queue_of(task) ||
         name == workflow.name + "." + task.reference ||
         task_named(name, scenario.workflows).task == &task;
}

// Of a worker's script, each once; the empty one is that of tasks without a domain.
std::vector<std::string> domains_of(const std::vector<orchestrator::ScriptedWork>& script) {
  std::vector<std::string> domains;
  for (const orchestrator::ScriptedWork& work : script) {
    if (std::ranges::find(domains, work.domain) == domains.end()) domains.push_back(work.domain);
  }
  return domains;
}

// Of a hundred million who take a time with this mean, at random, one takes longer.
constexpr std::int64_t kLongestInMeans = 20;
constexpr Duration kLongestPerson = Duration::hours(24 * 30);

Duration patience_with(const std::vector<PersonScript>& scripts) {
  Duration sum;
  for (const PersonScript& script : scripts) {
    Duration longest;
    for (const orchestrator::ScriptedWork& work : script.entries)
      longest = std::max(longest, std::min(work.time.mean(), kLongestPerson));
    sum += std::min(longest * kLongestInMeans, kLongestPerson);
  }
  return sum;
}

Duration worst_case(const conductor::WorkflowDefinition& workflow, const Scenario& scenario,
                    const conductor::Definitions& definitions) {
  Duration sum;
  for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
    const conductor::TaskDefinition* const registered = definitions.task(task.name);
    if (registered != nullptr) sum += worst_case(*registered);
    if (registered == nullptr && needs_worker(task)) sum += worst_case(conductor::TaskDefinition());
    sum += length_of_wait(task, scenario);
  });
  return sum;
}

}  // namespace

void register_definitions(const Scenario& scenario, conductor::Definitions& definitions) {
  if (scenario.architecture != kOwnArchitecture) {
    for (auto& task : checked(conductor::read_task_definitions(sagas::task_definitions())))
      definitions.add(std::move(task));
    for (const sagas::Saga& saga : sagas::sagas()) {
      for (const std::string_view file : saga.workflows)
        definitions.add(checked(conductor::read_workflow_definition(sagas::document(file))));
    }
  }
  for (const conductor::TaskDefinition& task : scenario.tasks) definitions.add(task);
  for (const conductor::WorkflowDefinition& workflow : scenario.workflows)
    definitions.add(workflow);
  for (const conductor::EventHandler& handler : scenario.event_handlers) definitions.add(handler);
}

Duration longest_saga(const Scenario& scenario, const conductor::Definitions& definitions) {
  Duration longest;
  if (scenario.architecture != kOwnArchitecture) {
    for (const sagas::Saga& saga : sagas::sagas()) {
      Duration sum;
      for (const std::string_view file : saga.workflows) {
        sum += worst_case(checked(conductor::read_workflow_definition(sagas::document(file))),
                          scenario, definitions);
      }
      longest = std::max(longest, sum);
    }
  }
  // Which of the scenario's workflows belong to one saga is only known when they run.
  Duration own;
  for (const conductor::WorkflowDefinition& workflow : scenario.workflows)
    own += worst_case(workflow, scenario, definitions);
  own += patience_with(person_scripts(scenario));
  return std::max(longest, own);
}

std::vector<orchestrator::WorkScript> work_scripts(const Scenario& scenario) {
  std::vector<orchestrator::WorkScript> scripts;
  for (const auto& [name, entries] : scenario.workers) {
    orchestrator::WorkScript script;
    script.task = name;
    if (const NamedTask named = task_named(name, scenario.workflows); named.task != nullptr) {
      script.workflow = named.outermost;
      script.through = named.through;
      script.task = named.task->reference;
    }
    for (const std::string& domain : domains_of(entries)) {
      script.domain = domain;
      script.entries.clear();
      std::ranges::copy_if(entries, std::back_inserter(script.entries),
                           [&](const auto& entry) { return entry.domain == domain; });
      scripts.push_back(script);
    }
  }
  return scripts;
}

std::vector<WorkerBinding> scripted_bindings(const Scenario& scenario) {
  std::vector<WorkerBinding> bindings;
  const auto add = [&](const std::string& queue, const std::string& domain) {
    const bool known = std::ranges::any_of(bindings, [&](const WorkerBinding& binding) {
      return binding.task_type == queue && binding.domain == domain;
    });
    if (!known) bindings.push_back(orchestrator::scripted_binding(queue, domain));
  };
  for (const auto& [name, script] : scenario.workers) {
    for (const std::string& domain : domains_of(script)) {
      bool found = false;
      for (const conductor::WorkflowDefinition& workflow : scenario.workflows) {
        for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
          const bool works = needs_worker(task);
          if ((!works && !needs_person(task)) || !names_task(name, scenario, workflow, task))
            return;
          if (works) add(queue_of(task), domain);
          found = true;
        });
      }
      if (!found) add(name, domain);  // a task that only a running workflow names
    }
  }
  return bindings;
}

std::vector<PersonScript> person_scripts(const Scenario& scenario) {
  std::vector<PersonScript> scripts;
  for (const conductor::WorkflowDefinition& workflow : scenario.workflows) {
    for_each_task(workflow, [&](const conductor::TaskInWorkflow& task, const TaskPath&) {
      if (!needs_person(task)) return;
      const std::vector<orchestrator::ScriptedWork>* entries = nullptr;
      for (const std::string& name :
           {workflow.name + "." + task.reference, task.reference, queue_of(task)}) {
        if (entries == nullptr) entries = scenario.workers.find(name);
      }
      if (entries != nullptr && !entries->empty())
        scripts.push_back({workflow.name, task.reference, *entries});
    });
  }
  return scripts;
}

RequestKind workflow_request(const ScenarioWorkload& workload) {
  RequestKind kind;
  kind.name = workload.workflow;
  kind.make = [name = workload.workflow, input = workload.input, domains = workload.task_to_domain](
                  RandomStream&, std::uint64_t) {
    orchestrator::StartWorkflow start;
    start.name = name;
    start.input = input;
    start.task_to_domain = domains;
    return PreparedRequest{&orchestrator::StartWorkflow::rpc, Payload::of(std::move(start))};
  };
  if (workload.cancel) {
    kind.follow_up = [name = "cancel " + workload.workflow, cancel = *workload.cancel](
                         const Payload& reply, RandomStream& random) -> std::optional<FollowUp> {
      if (!random.chance(cancel.chance.value())) return std::nullopt;
      orchestrator::TerminateWorkflow end;
      end.workflow_id = reply.get<orchestrator::WorkflowStarted>().workflow_id;
      end.reason = "cancelled by the client";
      return FollowUp{
          name, cancel.after.sample(random),
          PreparedRequest{&orchestrator::TerminateWorkflow::rpc, Payload::of(std::move(end))}};
    };
  }
  return kind;
}

}  // namespace soundcheck
