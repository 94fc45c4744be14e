#include "cli/commands/event.h"

#include <string>

#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {

ExitCode run(const EventOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> sent =
      agent.call(rpc::EventRequest{.name = options.name,
                                   .payload = {options.payload.begin(), options.payload.end()},
                                   .coalesce = options.coalesce});
  if (!sent) {
    return Output::report("error sending event", sent.error());
  }
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("name");
    json.text(options.name);
    json.key("coalesce");
    json.truth(options.coalesce);
    json.end_object();
    out.print(json.take());
    return ExitCode::Done;
  }
  out.print("Event '" + escape_line(options.name) +
            "' dispatched! Coalescing enabled: " + (options.coalesce ? "true" : "false") + '\n');
  return ExitCode::Done;
}

}  // namespace gossip::cli
