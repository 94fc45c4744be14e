#include "wire/keyring.h"

#include <doctest/doctest.h>

namespace gossip::wire {

namespace {

const Bytes kOne(16, 1);
const Bytes kTwo(24, 2);
const Bytes kThree(32, 3);

Keyring ring_of_three() {
  Keyring ring;
  REQUIRE(ring.add(kOne));
  REQUIRE(ring.add(kTwo));
  REQUIRE(ring.add(kThree));
  return ring;
}

}  // namespace

TEST_CASE("the first key is the primary, further ones follow") {
  const Keyring ring = ring_of_three();
  CHECK_FALSE(ring.empty());
  CHECK(ring.size() == 3);
  CHECK(ring.keys() == std::vector<Bytes>{kOne, kTwo, kThree});
  CHECK(Keyring().empty());
}

TEST_CASE("a key that is present may be added again") {
  Keyring ring = ring_of_three();
  CHECK(ring.add(kTwo));
  CHECK(ring.keys() == std::vector<Bytes>{kOne, kTwo, kThree});
}

TEST_CASE("a key has 16, 24 or 32 bytes") {
  Keyring ring;
  for (const std::size_t length : {0U, 1U, 15U, 17U, 31U, 33U}) {
    const Expected<void> result = ring.add(Bytes(length, 9));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == ErrorCode::InvalidArgument);
    CHECK(result.error().message == "key size must be 16, 24 or 32 bytes");
  }
  CHECK(ring.empty());
}

TEST_CASE("using a key moves it to the front and keeps the order of the others") {
  Keyring ring = ring_of_three();
  CHECK(ring.use(kThree));
  CHECK(ring.keys() == std::vector<Bytes>{kThree, kOne, kTwo});
  CHECK(ring.use(kThree));
  CHECK(ring.keys() == std::vector<Bytes>{kThree, kOne, kTwo});
  const Expected<void> result = ring.use(Bytes(16, 9));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::NotFound);
  CHECK(result.error().message == "Requested key is not in the keyring");
}

TEST_CASE("any key but the primary can be removed") {
  Keyring ring = ring_of_three();
  CHECK(ring.remove(kTwo));
  CHECK(ring.remove(kTwo));
  CHECK(ring.keys() == std::vector<Bytes>{kOne, kThree});
  const Expected<void> result = ring.remove(kOne);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::InvalidArgument);
  CHECK(result.error().message == "Removing the primary key is not allowed");
  CHECK(ring.keys() == std::vector<Bytes>{kOne, kThree});
}

}  // namespace gossip::wire
