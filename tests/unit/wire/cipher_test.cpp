#include "wire/cipher.h"

#include <string>
#include <utility>

#include <doctest/doctest.h>

namespace gossip::wire {

namespace {

const Bytes kOld(16, 1);
const Bytes kNew(32, 2);
const Nonce kNonce = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Cipher cipher_of(std::initializer_list<Bytes> keys) {
  Keyring ring;
  for (const Bytes& key : keys)
    REQUIRE(ring.add(key));
  return Cipher(ring);
}

Bytes sealed_by(const Cipher& cipher, std::string_view plain, std::string_view associated = "") {
  Bytes out;
  cipher.seal(as_bytes(plain), as_bytes(associated), kNonce, out);
  return out;
}

bool opens(const Cipher& cipher, ByteView sealed) {
  Bytes plain = {9};
  const bool opened = cipher.open(sealed, {}, plain);
  if (!opened) CHECK(plain.empty());
  return opened;
}

// From bytes that the key of 0, 1, 2 … 15 sealed, given in hex without spaces.
Bytes bytes_of(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

const Bytes kCountingKey = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::string_view kHead =
    "101112131415161718191a1b";  // the nonce of the sealed texts below

}  // namespace

TEST_CASE(
    "what is sealed is no ping, nor is a ping sealed, but for a nonce that begins like a body") {
  Bytes sealed = sealed_by(cipher_of({kOld}), "");
  CHECK(seems_sealed(sealed));
  sealed[0] = 0;
  CHECK(seems_sealed(sealed));
  sealed[0] = 2;
  CHECK_FALSE(seems_sealed(sealed));
  sealed[0] = 1;
  for (const int begin : {0x80, 0x8f, 0xc0, 0xde, 0xdf}) {
    sealed[1] = static_cast<std::uint8_t>(begin);
    CHECK_FALSE(seems_sealed(sealed));
  }
  sealed[1] = 1;
  sealed.pop_back();
  CHECK_FALSE(seems_sealed(sealed));
  CHECK_FALSE(seems_sealed({}));
}

TEST_CASE("the primary key seals, every key of the ring opens") {
  const Cipher before = cipher_of({kOld});
  const Cipher between = cipher_of({kOld, kNew});
  const Cipher after = cipher_of({kNew, kOld});
  CHECK(opens(between, sealed_by(before, "text")));
  CHECK(opens(before, sealed_by(between, "text")));
  CHECK(opens(after, sealed_by(before, "text")));
  CHECK(opens(between, sealed_by(after, "text")));
  CHECK_FALSE(opens(before, sealed_by(after, "text")));
  CHECK(sealed_by(before, "text").size() == 4 + kSealOverheadBytes);
}

TEST_CASE("a schedule can be used again and again") {
  const Cipher cipher = cipher_of({kOld});
  const Bytes first = sealed_by(cipher, "text", "label");
  for (int i = 0; i < 3; ++i) {
    Bytes plain;
    CHECK(cipher.open(first, as_bytes("label"), plain));
    CHECK(as_text(plain) == "text");
    CHECK(sealed_by(cipher, "text", "label") == first);
    CHECK_FALSE(cipher.open(first, as_bytes("other"), plain));
  }
}

TEST_CASE("the key that opened the last message is tried first, the others from the primary on") {
  const Cipher cipher = cipher_of({kOld, Bytes(16, 3), kNew});
  const auto tries_for = [&](const Bytes& key) {
    const std::uint64_t before = cipher.tries();
    CHECK(opens(cipher, sealed_by(cipher_of({key}), "text")));
    return cipher.tries() - before;
  };
  CHECK(tries_for(kOld) == 1);
  CHECK(tries_for(kNew) == 3);
  CHECK(tries_for(kNew) == 1);
  CHECK(tries_for(kOld) == 2);
  // What no key opens costs one try of each, and what is no sealed message none at all.
  const std::uint64_t before = cipher.tries();
  CHECK_FALSE(opens(cipher, sealed_by(cipher_of({Bytes(16, 9)}), "text")));
  CHECK(cipher.tries() - before == 3);
  CHECK_FALSE(opens(cipher, Bytes(kSealOverheadBytes - 1, 1)));
  CHECK(cipher.tries() - before == 3);
}

TEST_CASE("one changed bit anywhere, or one byte less, does not open") {
  const Cipher cipher = cipher_of({kOld});
  const Bytes sealed = sealed_by(cipher, "a message of more than one block");
  Bytes changed = sealed;
  for (std::uint8_t& byte : changed) {
    byte ^= 1U;
    REQUIRE_FALSE(opens(cipher, changed));
    byte ^= 1U;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    const Bytes cut(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE_FALSE(opens(cipher, cut));
  }
}

TEST_CASE("unknown versions do not open") {
  const Cipher cipher = cipher_of({kOld});
  Bytes sealed = sealed_by(cipher, "text");
  for (const unsigned version : {0U, 2U, 3U, 255U}) {
    sealed.front() = static_cast<std::uint8_t>(version);
    CHECK_FALSE(opens(cipher, sealed));
  }
}

TEST_CASE("nothing at all can be sealed, and opens to nothing") {
  const Cipher cipher = cipher_of({kCountingKey});
  Bytes plain = {9};
  const Bytes sealed = bytes_of("01" + std::string(kHead) + "0ed7259add1011e159d00e61b1925410");
  CHECK(cipher.open(sealed, {}, plain));
  CHECK(plain.empty());
}

TEST_CASE("padding that lies is no message") {
  const Cipher cipher = cipher_of({kCountingKey});
  // Version 0: sixteen bytes, the last of which says that 255 are padding. The tag is right.
  const Bytes sealed = bytes_of("00" + std::string(kHead) + "3bd1fc50f0b04910e822a20a38d814c1" +
                                "ca55647f90964aba0f59d7dee5eb9fad");
  CHECK_FALSE(opens(cipher, sealed));
}

TEST_CASE("a moved cipher goes on") {
  Cipher cipher = cipher_of({kOld});
  const Cipher moved = std::move(cipher);
  CHECK(opens(moved, sealed_by(moved, "text")));
}

}  // namespace gossip::wire
