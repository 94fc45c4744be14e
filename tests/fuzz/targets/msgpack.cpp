// base/msgpack: objects are skipped within the input, and a cut one asks for more.
#include "base/msgpack.h"

#include "base/check.h"
#include "fuzz/targets.h"

namespace {

using gossip::ByteView;
using gossip::base::msgpack::Reader;
using Status = Reader::Status;

template <typename T>
void check_value(ByteView input) {
  Reader reader(input);
  T value{};
  reader.read(value);
  if (!reader.good()) GOSSIP_CHECK(value == T{});
}

void check_skip(ByteView input) {
  Reader reader(input);
  reader.skip();
  if (!reader.good()) return;
  const std::size_t size = reader.offset();
  GOSSIP_CHECK(size > 0 && size <= input.size());
  Reader whole(input.first(size));
  whole.skip();
  GOSSIP_CHECK(whole.good() && whole.rest().empty());
  Reader cut(input.first(size - 1));
  cut.skip();
  GOSSIP_CHECK(cut.status() == Status::More);
}

}  // namespace

void gossip::fuzz::target::msgpack(ByteView input) {
  check_skip(input);
  check_value<std::uint8_t>(input);
  check_value<std::uint64_t>(input);
  check_value<std::int32_t>(input);
  check_value<std::int64_t>(input);
  check_value<bool>(input);
  check_value<std::string_view>(input);
  Reader reader(input);
  double number = 0;
  reader.read(number);
  gossip::ByteView bytes;
  reader.read(bytes);
  for (std::size_t left = reader.read_map(); left > 0 && reader.good(); --left)
    reader.skip();
  for (std::size_t left = reader.read_list(); left > 0 && reader.good(); --left)
    reader.skip();
}
