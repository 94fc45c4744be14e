// wire/describe: one printable line for any bytes.
#include "wire/describe.h"

#include "base/check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::describe(ByteView input) {
  const std::string line = gossip::wire::describe(input);
  GOSSIP_CHECK(!line.empty() && line.size() < 4096);
  for (const char character : line)
    GOSSIP_CHECK(character >= 0x20 && character < 0x7f);
}
