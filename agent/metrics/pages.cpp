#include "agent/metrics/pages.h"

#include "metrics/exposition.h"

namespace gossip::agent::metrics {

HttpResponse page(const HttpRequest& request, const PageSources& sources) {
  HttpResponse response;
  if (request.path == "/metrics") {
    const gossip::metrics::Exposition exposition = exposition_for(request.accept);
    response.content_type = gossip::metrics::content_type(exposition);
    response.body = gossip::metrics::expose(sources.families(), exposition);
  } else if (request.path == "/healthz") {
    response.body = "ok\n";
  } else if (request.path == "/readyz") {
    const bool ready = sources.ready();
    response.status = ready ? HttpStatus::Ok : HttpStatus::Unavailable;
    response.body = ready ? "ok\n" : "not ready\n";
  } else {
    response.status = HttpStatus::NotFound;
    response.body = "There are /metrics, /healthz and /readyz.\n";
  }
  return response;
}

}  // namespace gossip::agent::metrics
