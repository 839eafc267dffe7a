#include "server/tls.h"

#include <fstream>
#include <iterator>

namespace presso::server {

namespace ssl = boost::asio::ssl;

// Whether it looks like one: to read them all would be most of a start.
Result<void> TlsTrust::check() const {
  if (ca_bundle_.empty()) return {};
  std::ifstream stream{ca_bundle_, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (text.find("-----BEGIN ") != std::string::npos) return {};
  return Error{"BadCertificates",
               "AWS_CA_BUNDLE: " + ca_bundle_ + " is no file of certificates in PEM"};
}

ssl::context& TlsTrust::context() {
  const std::lock_guard lock{mutex_};
  if (!context_) {
    context_.emplace(ssl::context::tls_client);
    context_->set_verify_mode(ssl::verify_peer);
    boost::system::error_code ignored;
    if (!certificates_.empty()) {
      context_->add_certificate_authority(boost::asio::buffer(certificates_), ignored);
    } else if (ca_bundle_.empty()) {
      context_->set_default_verify_paths(ignored);
    } else {
      context_->load_verify_file(ca_bundle_, ignored);
    }
  }
  return *context_;
}

}  // namespace presso::server
