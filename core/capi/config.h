// The configuration behind gossip_config.
#pragma once

#include "gossip/config.h"
#include "gossip/gossip.h"

struct gossip_config {
  gossip::Config value;
};
