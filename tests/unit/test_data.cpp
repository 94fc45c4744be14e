#include "unit/test_data.h"

namespace gossip {

std::string test_data(std::string_view path) {
  return std::string(GOSSIP_TEST_DATA "/").append(path);
}

}  // namespace gossip
