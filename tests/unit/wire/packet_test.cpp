#include "wire/packet.h"

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "unit/wire/fixed_nonces.h"
#include "wire/compound.h"
#include "wire/compress.h"
#include "wire/swim_codec.h"

namespace gossip::wire {

namespace {

using test::FixedNonces;

const Bytes kNack = {11, 0x80};
const Bytes kOther = {11, 0x81, 0xa1, 'x', 0xc0};

Cipher cipher_of(std::uint8_t byte) {
  Keyring ring;
  REQUIRE(ring.add(Bytes(16, byte)));
  return Cipher(ring);
}

Bytes compound_of(const std::vector<ByteView>& parts) {
  Bytes out;
  append_compound(parts, out);
  return out;
}

// A compress message, longer or not.
Bytes compress_message_of(ByteView stream) {
  Bytes out = {9};
  append(CompressHeader{0, stream}, out);
  return out;
}

Bytes inflates_to(std::size_t count) {
  std::optional<Bytes> message = compress_message(Bytes(count, 11));
  REQUIRE(message.has_value());
  return *message;
}

// What a datagram opens into, or why not.
struct Opened {
  std::vector<Bytes> messages;
  std::optional<Drop> why;
};

Opened open(ByteView datagram, const Wrapping& wrapping = {}) {
  PacketOpener opener;
  const Bytes exact(datagram.begin(), datagram.end());
  const auto result = opener.open(exact, wrapping);
  if (!result) return {{}, result.error()};
  Opened opened;
  for (const ByteView message : *result)
    opened.messages.emplace_back(message.begin(), message.end());
  return opened;
}

Drop why(ByteView datagram, const Wrapping& wrapping = {}) {
  const Opened opened = open(datagram, wrapping);
  REQUIRE(opened.why.has_value());
  return *opened.why;
}

}  // namespace

TEST_CASE("every combination of wrappers opens into what was sealed") {
  const Bytes large(1000, 11);
  Cipher cipher = cipher_of(1);
  FixedNonces nonces;
  for (const std::string_view label : {"", "blue"}) {
    for (Cipher* const sealing : {static_cast<Cipher*>(nullptr), &cipher}) {
      for (const Compression compression : {Compression::Off, Compression::On}) {
        for (const Crc crc : {Crc::Off, Crc::On}) {
          const Wrapping wrapping{label, compression, sealing};
          const std::vector<ByteView> one = {large};
          CHECK(open(seal_packet(one, crc, wrapping, nonces), wrapping).messages ==
                std::vector<Bytes>{large});
          const std::vector<ByteView> three = {kNack, large, kOther};
          CHECK(open(seal_packet(three, crc, wrapping, nonces), wrapping).messages ==
                std::vector<Bytes>{kNack, large, kOther});
        }
      }
    }
  }
}

TEST_CASE("wrapping costs what is announced, besides the CRC") {
  Cipher cipher = cipher_of(1);
  FixedNonces nonces;
  const std::vector<ByteView> one = {kNack};
  for (const Wrapping& wrapping : {Wrapping{}, Wrapping{"blue", {}, nullptr},
                                   Wrapping{{}, {}, &cipher}, Wrapping{"blue", {}, &cipher}}) {
    const std::size_t size = seal_packet(one, Crc::Off, wrapping, nonces).size();
    CHECK(size == kNack.size() + wrapping_overhead(wrapping));
    CHECK(seal_packet(one, Crc::On, wrapping, nonces).size() == size + 5);
  }
  CHECK(wrapping_overhead({"blue", {}, &cipher}) == 29 + 2 + 4);
}

TEST_CASE("only long messages that shrink are compressed") {
  FixedNonces nonces;
  const Wrapping wrapping{{}, Compression::On, nullptr};
  const Bytes at_limit(700, 11);
  const Bytes beyond(701, 11);
  Bytes noise(1300);
  std::uint32_t x = 1;
  for (std::uint8_t& byte : noise)
    byte = static_cast<std::uint8_t>((x = x * 1103515245U + 12345U) >> 16U);
  const auto sealed = [&](ByteView message) {
    const std::vector<ByteView> one = {message};
    return seal_packet(one, Crc::Off, wrapping, nonces);
  };
  CHECK(sealed(at_limit) == at_limit);
  CHECK(sealed(noise) == noise);
  CHECK(sealed(beyond).front() == 9);
  CHECK(sealed(beyond).size() < 100);
  CHECK(open(sealed(beyond)).messages == std::vector<Bytes>{beyond});
  CHECK_FALSE(compress_message(kNack).has_value());
}

TEST_CASE("a label must be ours") {
  FixedNonces nonces;
  const Wrapping blue{"blue", {}, nullptr};
  const Wrapping red{"red", {}, nullptr};
  const std::vector<ByteView> one = {kNack};
  const Bytes packet = seal_packet(one, Crc::Off, blue, nonces);
  CHECK(open(packet, blue).messages == std::vector<Bytes>{kNack});
  CHECK(why(packet, red) == Drop::WrongLabel);
  CHECK(why(packet) == Drop::WrongLabel);
  CHECK(why(kNack, blue) == Drop::WrongLabel);
  CHECK(why(Bytes{244}, blue) == Drop::WrongLabel);
  CHECK(why(Bytes{244, 0}) == Drop::WrongLabel);
  CHECK(why(Bytes{244, 4, 'b', 'l', 'u', 'e'}, blue) == Drop::Empty);
}

TEST_CASE("with a key, nothing else opens") {
  Cipher ours = cipher_of(1);
  Cipher theirs = cipher_of(2);
  FixedNonces nonces;
  const std::vector<ByteView> one = {kNack};
  const Wrapping sealed{{}, {}, &ours};
  CHECK(why(seal_packet(one, Crc::Off, {{}, {}, &theirs}, nonces), sealed) == Drop::Undecryptable);
  CHECK(why(kNack, sealed) == Drop::Undecryptable);
  // The label is authenticated too.
  Bytes relabelled = seal_packet(one, Crc::Off, {"blue", {}, &ours}, nonces);
  relabelled[2] = 'B';
  CHECK(why(relabelled, {"Blue", {}, &ours}) == Drop::Undecryptable);
  // A sealed nothing.
  Bytes nothing;
  ours.seal({}, {}, nonces.next(), nothing);
  CHECK(why(nothing, sealed) == Drop::Empty);
}

TEST_CASE("a checksum must fit, and stands outermost or not at all") {
  Bytes packet = add_crc(kNack);
  CHECK(open(packet).messages == std::vector<Bytes>{kNack});
  packet.back() ^= 1U;
  CHECK(why(packet) == Drop::BadChecksum);
  CHECK(why(add_crc({})) == Drop::Empty);
  CHECK(why(Bytes{12, 0, 0, 0}) == Drop::Truncated);
  // Within a layer it is a message of no known type, for the dispatcher to drop.
  const Bytes inner = add_crc(kNack);
  CHECK(open(compound_of({inner, kNack})).messages == std::vector<Bytes>{inner, kNack});
  CHECK(open(add_crc(inner)).messages == std::vector<Bytes>{inner});
}

TEST_CASE("the order of messages is that of the sender, through nested compounds") {
  const Bytes a = {8, 'a'};
  const Bytes b = {8, 'b'};
  const Bytes c = {8, 'c'};
  const Bytes d = {8, 'd'};
  const Bytes inner = compound_of({b, c});
  CHECK(open(compound_of({a, inner, d})).messages == std::vector<Bytes>{a, b, c, d});
  const std::optional<Bytes> small = compress_message(Bytes(50, 8));
  REQUIRE(small.has_value());
  CHECK(open(compound_of({a, *small, d})).messages == std::vector<Bytes>{a, Bytes(50, 8), d});
}

TEST_CASE("empty things are left out") {
  CHECK(why({}) == Drop::Empty);
  CHECK(why(Bytes{7, 0}) == Drop::Empty);
  CHECK(why(Bytes{7, 1, 0, 0}) == Drop::Empty);
  CHECK(open(Bytes{7, 2, 0, 0, 0, 2, 11, 0x80}).messages == std::vector<Bytes>{kNack});
  CHECK(why(compress_message_of(Bytes{0, 3, 2})) == Drop::Empty);  // an LZW stream of nothing
}

TEST_CASE("damaged layers tell what is wrong with them") {
  CHECK(why(Bytes{7}) == Drop::Truncated);
  CHECK(why(Bytes{7, 2, 0, 1}) == Drop::Truncated);
  CHECK(why(Bytes{9}) == Drop::Malformed);
  CHECK(why(Bytes{9, 0x81}) == Drop::Malformed);
  CHECK(why(Bytes{9, 0xc1}) == Drop::Malformed);
  CHECK(why(compress_message_of(Bytes{1, 2, 3})) == Drop::BadCompression);
  Bytes other_algorithm = {9};
  append(CompressHeader{1, Bytes{0, 3, 2}}, other_algorithm);
  CHECK(why(other_algorithm) == Drop::BadCompression);
  // What can be opened is.
  const Bytes damaged = compress_message_of(Bytes{1, 2, 3});
  CHECK(open(compound_of({damaged, kNack})).messages == std::vector<Bytes>{kNack});
}

TEST_CASE("layers end at two below the CRC, a second inflation is refused") {
  const Bytes one = compound_of({kNack});
  const Bytes two = compound_of({one});
  const Bytes three = compound_of({two});
  CHECK(open(two).messages == std::vector<Bytes>{kNack});
  CHECK(open(add_crc(two)).messages == std::vector<Bytes>{kNack});
  CHECK(why(three) == Drop::TooDeep);
  CHECK(why(add_crc(three)) == Drop::TooDeep);
  CHECK(open(compound_of({two, kOther})).messages == std::vector<Bytes>{kOther});

  Bytes again = inflates_to(400);
  const std::optional<Bytes> twice = compress_message(Bytes(40, 9));
  REQUIRE(twice.has_value());
  CHECK(why(*twice) == Drop::TooDeep);
  CHECK(open(compound_of({again, again})).messages == std::vector<Bytes>{Bytes(400, 11)});
}

TEST_CASE("a datagram inflates to 64 KiB at most") {
  CHECK(open(inflates_to(kMaxInflatedPacketBytes)).messages.front().size() ==
        kMaxInflatedPacketBytes);
  CHECK(why(inflates_to(kMaxInflatedPacketBytes + 1)) == Drop::TooLarge);
  CHECK(why(inflates_to(8'000'000)) == Drop::TooLarge);
}

TEST_CASE("deep nesting costs no stack and little time") {
  Bytes nested = kNack;
  while (nested.size() < 60'000) {
    Bytes outer;
    append_compound(std::vector<ByteView>{nested}, outer);
    nested = std::move(outer);
  }
  CHECK(why(nested) == Drop::TooDeep);
}

TEST_CASE("an opener forgets the datagram before") {
  PacketOpener opener;
  const Bytes large = inflates_to(5000);
  REQUIRE(opener.open(large, {}).has_value());
  const auto second = opener.open(kNack, {});
  REQUIRE(second.has_value());
  REQUIRE(second->size() == 1);
  CHECK(second->front().size() == kNack.size());
  CHECK_FALSE(opener.open(Bytes{7, 0}, {}).has_value());
  REQUIRE(opener.open(large, {}).has_value());
}

TEST_CASE("a datagram cut or changed anywhere never does harm") {
  FixedNonces nonces;
  Cipher cipher = cipher_of(1);
  const Bytes large(800, 11);
  const std::vector<ByteView> parts = {kNack, large};
  for (const Wrapping& wrapping : {Wrapping{}, Wrapping{"blue", Compression::On, nullptr},
                                   Wrapping{"blue", Compression::On, &cipher}}) {
    const Bytes whole = seal_packet(parts, Crc::Off, wrapping, nonces);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      for (const Bytes& message : open(ByteView(whole).first(size), wrapping).messages) {
        REQUIRE_FALSE(message.empty());
      }
    }
    Bytes changed = whole;
    for (std::uint8_t& byte : changed) {
      byte ^= 0xffU;
      for (const Bytes& message : open(changed, wrapping).messages)
        REQUIRE_FALSE(message.empty());
      byte ^= 0xffU;
    }
  }
}

}  // namespace gossip::wire
