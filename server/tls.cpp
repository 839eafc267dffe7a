#include "server/tls.h"

namespace presso::server {
namespace {

namespace ssl = boost::asio::ssl;

boost::system::error_code believe(ssl::context& context, const std::string& ca_bundle) {
  boost::system::error_code error;
  context.set_verify_mode(ssl::verify_peer);
  if (ca_bundle.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(ca_bundle, error);
  }
  return error;
}

}  // namespace

Result<void> TlsTrust::check() const {
  if (ca_bundle_.empty()) return {};
  ssl::context context{ssl::context::tls_client};
  if (!believe(context, ca_bundle_)) return {};
  return Error{"BadCertificates",
               "AWS_CA_BUNDLE: " + ca_bundle_ + " is no file of certificates in PEM"};
}

ssl::context& TlsTrust::context() {
  const std::lock_guard lock{mutex_};
  if (!context_) {
    context_.emplace(ssl::context::tls_client);
    believe(*context_, ca_bundle_);
  }
  return *context_;
}

}  // namespace presso::server
