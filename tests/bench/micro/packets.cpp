// Sealing and opening datagrams: plain, compressed, encrypted; LZW alone.
#include <array>
#include <string>

#include "bench/engine_scene.h"
#include "bench/micro/measure.h"
#include "wire/lzw.h"
#include "wire/swim_codec.h"

namespace gossip::bench {

namespace {

enum class Kind : std::uint8_t { Plain, Compressed, Encrypted };

// As many claims as fill a packet, or a ping alone.
std::vector<Bytes> messages_of(bool full) {
  if (!full) return {wire::encode(wire::Ping{.sequence = 77, .node = "b", .source = {}})};
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 10; ++i)
    messages.push_back(wire::encode(CrowdMember(i).alive()));
  return messages;
}

struct Layers {
  explicit Layers(Kind kind) {
    if (kind == Kind::Compressed) wrapping.compression = Compression::On;
    if (kind != Kind::Encrypted) return;
    if (!keyring.add(Bytes(32, 7)).has_value()) std::abort();
    cipher.emplace(keyring);
    wrapping.cipher = &*cipher;
  }
  wire::Keyring keyring;
  std::optional<wire::Cipher> cipher;
  wire::Wrapping wrapping;
};

void seal(benchmark::State& state, Kind kind, bool full) {
  const Layers layers(kind);
  CountingNonces nonces;
  const std::vector<Bytes> messages = messages_of(full);
  const std::vector<ByteView> views(messages.begin(), messages.end());
  measure(state, [&] {
    benchmark::DoNotOptimize(wire::seal_packet(views, wire::Crc::On, layers.wrapping, nonces));
  });
}

void open(benchmark::State& state, Kind kind, bool full) {
  const Layers layers(kind);
  CountingNonces nonces;
  const std::vector<Bytes> messages = messages_of(full);
  const std::vector<ByteView> views(messages.begin(), messages.end());
  const Bytes packet = wire::seal_packet(views, wire::Crc::On, layers.wrapping, nonces);
  wire::PacketOpener opener;
  measure(state, [&] { benchmark::DoNotOptimize(opener.open(packet, layers.wrapping)); });
}

BENCHMARK_CAPTURE(seal, ping_plain, Kind::Plain, false);
BENCHMARK_CAPTURE(seal, ping_encrypted, Kind::Encrypted, false);
BENCHMARK_CAPTURE(seal, full_plain, Kind::Plain, true);
BENCHMARK_CAPTURE(seal, full_compressed, Kind::Compressed, true);
BENCHMARK_CAPTURE(seal, full_encrypted, Kind::Encrypted, true);
BENCHMARK_CAPTURE(open, ping_plain, Kind::Plain, false);
BENCHMARK_CAPTURE(open, ping_encrypted, Kind::Encrypted, false);
BENCHMARK_CAPTURE(open, full_plain, Kind::Plain, true);
BENCHMARK_CAPTURE(open, full_compressed, Kind::Compressed, true);
BENCHMARK_CAPTURE(open, full_encrypted, Kind::Encrypted, true);

void lzw_compress(benchmark::State& state) {
  const Bytes plain = crowd_push_pull(static_cast<std::size_t>(state.range(0)));
  measure(state, [&] {
    Bytes out;
    wire::lzw_compress(plain, out);
    benchmark::DoNotOptimize(out);
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(plain.size()));
}
BENCHMARK(lzw_compress)->Arg(10)->Arg(1000);

void lzw_decompress(benchmark::State& state) {
  const Bytes plain = crowd_push_pull(static_cast<std::size_t>(state.range(0)));
  Bytes compressed;
  wire::lzw_compress(plain, compressed);
  measure(state, [&] {
    Bytes out;
    benchmark::DoNotOptimize(wire::lzw_decompress(compressed, plain.size(), out));
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(plain.size()));
}
BENCHMARK(lzw_decompress)->Arg(10)->Arg(1000);

}  // namespace

}  // namespace gossip::bench
