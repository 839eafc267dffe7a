// App: builds the pieces, starts them in order and stops them in the reverse one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "server/config.h"

namespace presso::server {

class App {
 public:
  class Pieces;
  // For `make`: whoever else has no Pieces.
  explicit App(std::unique_ptr<Pieces>);
  // Opens and recovers the store, and listens. Error: one clear sentence; nothing is left behind.
  [[nodiscard]] static Result<std::unique_ptr<App>> make(Config, Environment);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // "http://127.0.0.1:4566", with the port that was really taken.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const;

  void start();
  // Answers what has begun, then ends every thread. False: something did not end in time.
  bool stop();
  // Until SIGTERM or SIGINT.
  void wait_for_signal();

 private:
  std::unique_ptr<Pieces> pieces_;
};

}  // namespace presso::server
