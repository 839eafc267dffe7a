#include "server/metrics/page.h"

#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/config.h"
#include "server/metrics/exposition.h"
#include "server/routes/route_table.h"

namespace presso::server {
namespace {

namespace fs = std::filesystem;

void write_counter(std::string& text, std::string_view name, std::string_view help,
                   const Counter& counter) {
  write_family(text, name, "counter", help);
  write_sample(text, name, {}, counter.get());
}

void write_gauge(std::string& text, std::string_view name, std::string_view help,
                 std::uint64_t value) {
  write_family(text, name, "gauge", help);
  write_sample(text, name, {}, value);
}

void write_one_histogram(std::string& text, std::string_view name, std::string_view help,
                         const Histogram& histogram, double unit) {
  write_family(text, name, "histogram", help);
  const std::array<const Histogram*, 1> one{&histogram};
  write_histogram(text, name, {}, one, unit);
}

void write_core(std::string& text, const CoreMetrics& core) {
  write_one_histogram(text, "presso_turn_duration_seconds",
                      "Of the core's turns: applied, stored and handed on.", core.turn_us, 1e-6);
  write_one_histogram(text, "presso_commit_duration_seconds", "Of storing what a turn has changed.",
                      core.commit_us, 1e-6);
  write_one_histogram(text, "presso_turn_inputs", "How many inputs one turn takes.", core.inputs,
                      1);
  write_counter(text, "presso_history_rows_total", "Steps of executions that were stored.",
                core.history_rows);
  constexpr std::array kStatuses{run::Status::Running, run::Status::Succeeded, run::Status::Failed,
                                 run::Status::TimedOut, run::Status::Aborted};
  constexpr std::string_view kExecutions = "presso_executions_total";
  write_family(text, kExecutions, "counter",
               "Executions by the status that they came to; Express ones are not among them.");
  for (const run::Status status : kStatuses) {
    write_sample(text, kExecutions, {{"status", std::string{run::to_string(status)}}},
                 core.executions[static_cast<std::size_t>(status)].get());
  }
  write_gauge(text, "presso_executions_running", "Executions that are running, parked or not.",
              core.executions_running.get());
  write_counter(text, "presso_events_total", "Events that passed a bus, but for status changes.",
                core.events);
  write_counter(text, "presso_rule_matches_total", "Rules that events matched.", core.rule_matches);
  write_counter(text, "presso_delivery_attempts_total", "Attempts to hand an event to a target.",
                core.delivery_attempts);
  write_gauge(text, "presso_deliveries_pending", "Deliveries that have not ended.",
              core.deliveries_pending.get());
  write_counter(text, "presso_task_calls_total", "Calls that tasks made outside of the engine.",
                core.task_calls);
  write_counter(text, "presso_warnings_total", "What went wrong for good, as the log tells.",
                core.warnings);
}

void write_routes(std::string& text, const RouteTable& routes) {
  constexpr std::string_view kInFlight = "presso_route_in_flight";
  constexpr std::string_view kWaiting = "presso_route_waiting";
  const auto lines = routes.lines();
  write_family(text, kInFlight, "gauge", "Calls that are under way on a route.");
  for (const RouteLine& line : lines) {
    write_sample(text, kInFlight, {{"route", line.match.text}},
                 std::uint64_t{routes.counts(line).in_flight});
  }
  write_family(text, kWaiting, "gauge", "Calls that wait for their turn on a route.");
  for (const RouteLine& line : lines) {
    write_sample(text, kWaiting, {{"route", line.match.text}},
                 std::uint64_t{routes.counts(line).waiting});
  }
}

// The second number of /proc/self/statm, in pages.
std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t open_files() {
  std::error_code error;
  const fs::directory_iterator folder{"/proc/self/fd", error};
  return error ? 0 : static_cast<std::uint64_t>(std::distance(begin(folder), end(folder)));
}

std::uint64_t size_of(const std::string& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void write_process(std::string& text, const std::string& database) {
  constexpr std::string_view kCpu = "process_cpu_seconds_total";
  write_family(text, kCpu, "counter", "Time on a processor, in user and system mode.");
  write_sample(text, kCpu, {}, cpu_seconds());
  write_gauge(text, "process_resident_memory_bytes", "Memory that the process has.",
              resident_bytes());
  write_gauge(text, "process_open_fds", "Files and connections that are open.", open_files());
  write_gauge(text, "presso_database_bytes", "The database with its log.",
              size_of(database) + size_of(database + "-wal"));
}

}  // namespace

std::string MetricsPage::text() const {
  std::string text;
  constexpr std::string_view kBuild = "presso_build_info";
  write_family(text, kBuild, "gauge", "Which presso this is.");
  write_sample(text, kBuild, {{"version", std::string{kVersion}}}, std::uint64_t{1});
  requests.write(text);
  write_core(text, core);
  write_gauge(text, "presso_calls_in_flight", "Calls of tasks and deliveries under way.",
              calls_in_flight());
  write_routes(text, routes);
  write_process(text, database);
  return text;
}

}  // namespace presso::server
