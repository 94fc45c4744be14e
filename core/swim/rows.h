// The rows of a push/pull ↔ the table (gossip-wire §7.9).
#pragma once

#include <span>
#include <vector>

#include "gossip/time.h"

#include "members/table.h"
#include "swim/claims.h"
#include "swim/outputs.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

// Every node, whatever its state. Views into the table: valid until it changes.
[[nodiscard]] std::vector<wire::NodeState> rows_of(const members::Table& table);

// Each row as a claim. "Dead" is only taken as a suspicion of our own, so that the node can refute.
void take_rows(TimePoint now, std::span<const wire::NodeState> rows, std::string_view our_name,
               Claims& claims, Outputs& out);

}  // namespace gossip::swim
