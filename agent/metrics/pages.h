// What the agent serves over HTTP: /metrics, /healthz and /readyz.
#pragma once

#include <functional>
#include <vector>

#include "agent/metrics/http_session.h"
#include "metrics/family.h"

namespace gossip::agent::metrics {

struct PageSources {
  std::function<std::vector<gossip::metrics::Family>()> families;
  std::function<bool()> ready;
};

// /healthz is fine whenever it is answered: the loop turns. /readyz is 503 until the agent is ready as ready_when
// has it, and from the beginning of its end.
[[nodiscard]] HttpResponse page(const HttpRequest& request, const PageSources& sources);

}  // namespace gossip::agent::metrics
