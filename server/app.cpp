#include "server/app.h"

#include <pthread.h>

#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "server/admin.h"
#include "server/auth/verifier.h"
#include "server/core_thread.h"
#include "server/file_watch.h"
#include "server/forward/forwarder.h"
#include "server/functions/functions.h"
#include "server/http_routes.h"
#include "server/http_server.h"
#include "server/integrations/credentials.h"
#include "server/integrations/integration.h"
#include "server/log.h"
#include "server/metrics/page.h"
#include "server/metrics/request_metrics.h"
#include "server/mock_file.h"
#include "server/mocks/call_words.h"
#include "server/operations.h"
#include "server/origin.h"
#include "server/otlp/tracing.h"
#include "server/routes/route_table.h"
#include "server/settings_file.h"
#include "server/store/data_folder.h"
#include "server/store/log_check.h"
#include "server/store/sqlite_store.h"
#include "server/worker.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

// What has begun gets this long to be answered once the end was asked for.
constexpr Duration kDrainPatience = seconds(3);
// And the last spans to be sent.
constexpr Duration kSpanPatience = seconds(1);

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

// What it is called in Via: another presso's route may lead here, its own may not.
std::string pseudonym() {
  SeededEntropy entropy{random_seed()};
  return "presso-" + next_uuid(entropy).substr(0, 8);
}

std::string temporary_parent() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::temp_directory_path(error);
  return error ? "/tmp" : path.string();
}

constexpr std::string_view kFromHere = "127.0.0.1";

// `everywhere`: the host to name when it listens on all of them.
std::string url_of(std::string host, std::uint16_t port, std::string_view everywhere) {
  const bool is_everywhere = host == "0.0.0.0" || host == "::";
  if (is_everywhere && !everywhere.empty()) host = everywhere;
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

// What a function needs has to be there before the first event comes.
Result<void> check_functions(const Config& config, const Environment& environment) {
  for (const FunctionSettings& settings : config.functions) {
    const Result<void> checked = check_function(settings, environment);
    if (checked) continue;
    return Error{"BadFunction",
                 settings.where + ": function " + settings.name + ": " + checked.error().message};
  }
  return {};
}

RouteTable::Setup routes_of(const Config& config, const Environment& environment) {
  RouteTable::Setup setup{.environment = environment, .lines = config.routes};
  for (const FunctionSettings& function : config.functions) {
    setup.functions.push_back(function.name);
  }
  return setup;
}

// Nothing: signatures are not checked.
Result<std::optional<Verifier>> verifier_of(const Config& config) {
  if (!config.credentials) return std::optional<Verifier>{};
  std::ifstream stream{*config.credentials, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream) return Error{"BadCredentials", "cannot read " + *config.credentials};
  auto keys = parse_access_keys(text, *config.credentials);
  if (!keys) return keys.error();
  return std::optional<Verifier>{Verifier{*std::move(keys)}};
}

// What a person would want to know before it is too late.
void warn_of(const Config& config, const std::string& of_credentials) {
  const Log log{config.log_level, config.log_format};
  if (!of_credentials.empty()) log.warning(of_credentials);
  if (is_loopback_host(config.host) || config.credentials) return;
  log.warning("presso listens on " + config.host +
              " and asks nobody who they are: whoever reaches the port may use it. --credentials "
              "FILE asks for signatures");
}

core::Settings core_settings(const Config& config, MockFile::Mocks mocks, bool is_traced) {
  return {.seed = random_seed(),
          .buses = config.buses,
          .started = system_now(),
          .mocks = std::move(mocks),
          .mock_rules = config.mocks,
          .call_words = call_match,
          .retention = config.retention.value_or(core::kRetention),
          .is_traced = is_traced};
}

struct Storage {
  DataFolder folder;
  std::unique_ptr<SqliteStore> store;
};

Result<Storage> open_storage(const Config& config) {
  Result<DataFolder> folder =
      config.data ? DataFolder::open(*config.data) : DataFolder::temporary(temporary_parent());
  if (!folder) return folder.error();
  const Durability durability = config.data ? config.durability : Durability::None;
  Result<void> done;
  if (folder->is_log_synced()) done = check_log(folder->database());
  const bool is_synced = durability == Durability::Full;
  if (done && !is_synced) done = folder->set_log_synced(false);
  if (!done) return done.error();
  Result<std::unique_ptr<SqliteStore>> store =
      SqliteStore::open(folder->database(), durability, config.secrets_key);
  if (!store) return store.error();
  if (is_synced) done = folder->set_log_synced(true);
  if (!done) return done.error();
  if (config.data) folder->set_kept();
  return Storage{.folder = std::move(*folder), .store = std::move(*store)};
}

}  // namespace

// In the order in which they are needed; what is built later may use what is built earlier.
class App::Pieces {
 public:
  Pieces(Config config, Environment environment, Storage storage,
         std::unique_ptr<MockFile> mock_file, MockFile::Mocks mocks,
         std::shared_ptr<TlsTrust> trust, std::optional<Verifier> verifier,
         std::optional<OtlpSettings> otlp)
      : config_(std::move(config)),
        log_(config_.log_level, config_.log_format),
        storage_(std::move(storage)),
        mock_file_(std::move(mock_file)),
        settings_watch_(config_.settings_file ? std::make_unique<FileWatch>(*config_.settings_file)
                                              : nullptr),
        workers_(make_workers()),
        tracing_(otlp ? std::make_unique<Tracing>(*workers_.back(), *std::move(otlp), trust, log_)
                      : nullptr),
        core_(
            {.settings = core_settings(config_, std::move(mocks), tracing_ != nullptr),
             .store = *storage_.store,
             .clock = Clock{config_.clock},
             .perform =
                 [this](std::vector<core::Effect> effects, std::vector<core::Published> published) {
                   perform(std::move(effects), std::move(published));
                 },
             .log = log_,
             .is_busy_elsewhere = [this] { return functions_.in_flight() > 0; },
             .tap = tap()}),
        operations_(core_, log_),
        trust_(std::move(trust)),
        route_table_(std::make_shared<RouteTable>(routes_of(config_, environment))),
        metrics_(workers_.size()),
        verifier_(std::move(verifier)),
        admin_({.operations = operations_,
                .routes = *route_table_,
                .caller = config_.caller,
                .metrics = [this] { return metrics_page(); },
                .refresh = [this] { refresh_mocks(); }}),
        functions_({.io = workers_.back()->io(),
                    .functions = config_.functions,
                    .world = {.environment = environment, .caller = config_.caller, .url = {}},
                    .log = log_,
                    .seed = random_seed(),
                    .settled = [this] { core_.inbox().push(Control{[](CoreThread&) {}}); }}),
        forwarder_({.workers = borrowed_workers(),
                    .routes = route_table_,
                    .caller = config_.caller,
                    .allowed_origins = config_.allowed_origins,
                    .trust = trust_,
                    .credentials =
                        [this](core::Caller caller, auto found) {
                          integrations_.find_credentials(std::move(caller), std::move(found));
                        },
                    .pseudonym = pseudonym()}),
        routes_({.caller = config_.caller,
                 .allowed_origins = config_.allowed_origins,
                 .operations = operations_,
                 .admin = admin_,
                 .log = log_,
                 .metrics = metrics_,
                 .functions = &functions_,
                 .forwarder = &forwarder_,
                 .verifier = verifier_ ? &*verifier_ : nullptr,
                 .before_call = [this] { refresh_mocks(); },
                 .tap = tap()}),
        integrations_({.io = workers_.back()->io(),
                       .environment = std::move(environment),
                       .routes = route_table_,
                       .own_operation =
                           [this](const core::TaskCall& call, Done done) {
                             operations_.run_own(call, std::move(done), *workers_.back());
                           },
                       .functions = local_functions(functions_),
                       .trust = trust_}) {}

  Result<void> open();
  Result<void> check_routes();
  void start();
  bool stop();
  void remove_leftovers();
  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  std::vector<std::unique_ptr<Worker>> make_workers() const;
  std::vector<Worker*> borrowed_workers() const;
  void perform(std::vector<core::Effect>, std::vector<core::Published>);
  LogFeed::Shared send_logs(std::vector<core::ExecutionLog>);
  void send_out(core::Effect&);
  void refresh_mocks();
  void refresh_mock_rules();
  [[nodiscard]] std::string metrics_page() const;
  [[nodiscard]] TraceTap* tap() { return tracing_ == nullptr ? nullptr : &tracing_->tap(); }

  Config config_;
  Log log_;
  Storage storage_;
  std::unique_ptr<MockFile> mock_file_;        // null: none is configured
  std::unique_ptr<FileWatch> settings_watch_;  // the same
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Tracing> tracing_;  // null: nobody collects spans
  CoreThread core_;
  Operations operations_;
  std::shared_ptr<TlsTrust> trust_;
  std::shared_ptr<RouteTable> route_table_;
  RequestMetrics metrics_;
  std::optional<Verifier> verifier_;
  Admin admin_;
  Functions functions_;
  Forwarder forwarder_;
  HttpRoutes routes_;
  Integrations integrations_;
  std::unique_ptr<HttpServer> server_;
};

std::vector<std::unique_ptr<Worker>> App::Pieces::make_workers() const {
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < kIoThreads; ++i) {
    workers.push_back(std::make_unique<Worker>(Worker::Setup{.index = i,
                                                             .count = kIoThreads,
                                                             .database = storage_.folder.database(),
                                                             .seed = random_seed()}));
  }
  return workers;
}

std::vector<Worker*> App::Pieces::borrowed_workers() const {
  std::vector<Worker*> workers;
  for (const auto& worker : workers_) workers.push_back(worker.get());
  return workers;
}

Result<void> App::Pieces::open() {
  HttpServer::Setup setup{.host = config_.host,
                          .port = config_.port,
                          .workers = borrowed_workers(),
                          .handler = routes_,
                          .log = log_,
                          .connections = config_.connections};
  Result<std::unique_ptr<HttpServer>> server = HttpServer::listen(std::move(setup));
  if (!server) return server.error();
  server_ = std::move(*server);
  const Result<void> checked = check_routes();
  if (!checked) return checked.error();
  return core_.recover();
}

// A variable may be that of the applications, who share it with presso: what it says is not for
// presso itself.
Result<void> App::Pieces::check_routes() {
  for (const RouteLine& line : route_table_->set_own({.host = config_.host, .port = port()})) {
    const std::string what = line.where + ": route " + line.match.text + " leads to presso itself";
    if (line.source == RouteSource::File) return Error{"BadRoute", what};
    log_.warning(what + ", and is left out");
  }
  return {};
}

void App::Pieces::start() {
  functions_.start(url_of(config_.host, port(), kFromHere));
  core_.start();
  server_->start();
  for (const auto& worker : workers_) worker->start();
}

bool App::Pieces::stop() {
  // Who polls for a task gets none, and with it the end of its connection.
  core::Request end_polls{.id = {}, .keys = {}, .apply = [](core::Core& core, RequestId) {
                            core.activities().end_polls();
                          }};
  if (!core_.inbox().push(std::move(end_polls), 0)) log_.warning("too busy to end all polls");
  functions_.stop();
  const bool is_drained = server_->stop(kDrainPatience);
  if (!is_drained) return false;
  core_.stop();
  if (tracing_ != nullptr) tracing_->drain(kSpanPatience);
  for (const auto& worker : workers_) worker->stop();
  for (const auto& worker : workers_) worker->join();
  return true;
}

void App::Pieces::remove_leftovers() {
  if (config_.data) return;
  net::post(workers_.back()->io(), [] { server::remove_leftovers(temporary_parent()); });
}

// Replies and published items travel in one piece to each worker that has any.
void App::Pieces::perform(std::vector<core::Effect> effects,
                          std::vector<core::Published> published) {
  std::vector<std::vector<core::Reply>> replies(workers_.size());
  std::vector<core::ExecutionLog> logs;
  for (core::Effect& effect : effects) {
    if (auto* reply = std::get_if<core::Reply>(&effect)) {
      replies[Worker::worker_of(reply->request, workers_.size())].push_back(std::move(*reply));
    } else if (auto* log = std::get_if<core::ExecutionLog>(&effect)) {
      logs.push_back(std::move(*log));
    } else {
      send_out(effect);
    }
  }
  const auto passed =
      published.empty() ? nullptr : std::make_shared<const EventFeed::Batch>(std::move(published));
  const LogFeed::Shared logged = send_logs(std::move(logs));
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (replies[i].empty() && !passed && !logged) continue;
    Worker& worker = *workers_[i];
    net::post(worker.io(), [&worker, passed, logged, mine = std::move(replies[i])]() mutable {
      if (passed) worker.feed().publish(passed);
      if (logged) worker.logs().publish(logged);
      for (core::Reply& reply : mine) worker.deliver(std::move(reply));
    });
  }
}

LogFeed::Shared App::Pieces::send_logs(std::vector<core::ExecutionLog> logs) {
  if (logs.empty()) return nullptr;
  const auto batch = std::make_shared<const LogFeed::Batch>(std::move(logs));
  for (const core::ExecutionLog& log : batch->items) integrations_.log({batch, &log});
  return batch;
}

// A file that has become wrong changes nothing until it is mended.
void App::Pieces::refresh_mocks() {
  if (settings_watch_ != nullptr && settings_watch_->has_changed()) refresh_mock_rules();
  if (mock_file_ == nullptr) return;
  auto changed = mock_file_->read_if_changed();
  if (!changed) return;
  if (!*changed) return log_.error(changed->error().message);
  core_.inbox().push(Control{
      [mocks = **std::move(changed)](CoreThread& core_thread) { core_thread.use_mocks(mocks); }});
}

// Of presso.yaml only the mocks: its functions and routes are those of the start.
void App::Pieces::refresh_mock_rules() {
  auto settings = read_settings(settings_watch_->path());
  if (!settings) return log_.error(settings.error().message);
  core_.inbox().push(
      Control{[mocks = std::make_shared<const core::MockRules::Rules>(std::move(settings->mocks))](
                  CoreThread& core_thread) { core_thread.use_mock_rules(mocks); }});
}

std::string App::Pieces::metrics_page() const {
  const MetricsPage page{.requests = metrics_,
                         .core = core_.metrics(),
                         .routes = *route_table_,
                         .calls_in_flight = [this] { return integrations_.in_flight(); },
                         .database = storage_.folder.database()};
  return page.text();
}

void App::Pieces::send_out(core::Effect& effect) {
  if (auto* call = std::get_if<core::TaskCall>(&effect)) {
    const TaskId task = call->task;
    integrations_.start(std::move(*call), [this, task](CallResult result) {
      core_.inbox().push(core::CallAnswered{.task = task, .result = std::move(result)});
    });
  } else if (const auto* cancelled = std::get_if<core::CancelCall>(&effect)) {
    integrations_.cancel(cancelled->task);
  } else if (auto* delivery = std::get_if<core::DeliveryCall>(&effect)) {
    const DeliveryId id = delivery->delivery;
    integrations_.deliver(
        std::move(*delivery), [this, id](std::optional<core::DeliveryFailure> failure) {
          core_.inbox().push(core::DeliveryAnswered{.delivery = id, .failure = std::move(failure)});
        });
  } else if (const auto* warning = std::get_if<core::Warning>(&effect)) {
    log_.warning(warning->message);
  }
}

App::App(std::unique_ptr<Pieces> pieces) : pieces_(std::move(pieces)) {}
App::~App() = default;

Result<std::unique_ptr<App>> App::make(Config config, Environment environment) {
  const Result<void> checked = check_functions(config, environment);
  if (!checked) return checked.error();
  const auto bundle = environment.find("AWS_CA_BUNDLE");
  const auto trust =
      std::make_shared<TlsTrust>(bundle == environment.end() ? std::string{} : bundle->second);
  const Result<void> believed = trust->check();
  if (!believed) return believed.error();
  const Result<std::string> warned = check_credentials(environment);
  if (!warned) return warned.error();
  warn_of(config, *warned);
  auto verifier = verifier_of(config);
  if (!verifier) return verifier.error();
  auto otlp = otlp_settings(environment);
  if (!otlp) return otlp.error();
  Result<Storage> storage = open_storage(config);
  if (!storage) return storage.error();
  std::unique_ptr<MockFile> mock_file;
  MockFile::Mocks mocks;
  if (config.mock_config) {
    mock_file = std::make_unique<MockFile>(*config.mock_config);
    auto read = mock_file->read();
    if (!read) return read.error();
    mocks = *std::move(read);
  }
  auto pieces = std::make_unique<Pieces>(
      std::move(config), std::move(environment), std::move(*storage), std::move(mock_file),
      std::move(mocks), trust, *std::move(verifier), *std::move(otlp));
  const Result<void> opened = pieces->open();
  if (!opened) return opened.error();
  return std::make_unique<App>(std::move(pieces));
}

std::uint16_t App::port() const { return pieces_->port(); }

std::string App::url() const { return url_of(pieces_->config().host, port(), {}); }

// Signals are for the thread that waits for them; the others inherit that they are blocked.
void App::start() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  pieces_->start();
  pieces_->remove_leftovers();
}

bool App::stop() { return pieces_->stop(); }

void App::wait_for_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  // A second one ends the process at once.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace presso::server
