// wire/describe: one printable line for any bytes.
#include "wire/describe.h"

#include "base/check.h"
#include "fuzz/entry.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string line = gossip::wire::describe(gossip::ByteView(data, size));
  GOSSIP_CHECK(!line.empty() && line.size() < 4096);
  for (const char character : line)
    GOSSIP_CHECK(character >= 0x20 && character < 0x7f);
  return 0;
}
