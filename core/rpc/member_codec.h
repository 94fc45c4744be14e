// Members as responses and events hold them: eleven fields sorted by name, IPv4 addresses in 4 bytes.
#pragma once

#include <vector>

#include "gossip/member.h"

#include "rpc/fields.h"

namespace gossip::rpc {

// The entry "Members" of a map: key and list.
void write_members(MsgpackWriter& out, const std::vector<Member>& members);
// The list alone. An address that is none stays unset, a status that is not known is None.
void read_members(MsgpackReader& in, std::vector<Member>& members);

}  // namespace gossip::rpc
