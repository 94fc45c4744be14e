// UTF-8, as far as what counts or cuts characters has to know it.
#pragma once

namespace gossip::base {

// Whether the byte is not the first one of a character.
[[nodiscard]] constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

}  // namespace gossip::base
