#include "capi/failure.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gossip::capi {
namespace {

// Of fixed size, so that "no memory" can be said without any.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): C asks for it afterwards
thread_local std::array<char, 1024> last_error{};

static_assert(static_cast<int>(ErrorCode::InvalidArgument) + 1 == GOSSIP_INVALID_ARGUMENT);
static_assert(static_cast<int>(ErrorCode::WrongState) + 1 == GOSSIP_WRONG_STATE);
static_assert(static_cast<int>(ErrorCode::Unreachable) + 1 == GOSSIP_UNREACHABLE);
static_assert(static_cast<int>(ErrorCode::System) + 1 == GOSSIP_SYSTEM);

}  // namespace

gossip_code code_of(ErrorCode code) {
  return static_cast<gossip_code>(static_cast<int>(code) + 1);
}

gossip_code failed(const Error& error) {
  return failed(code_of(error.code), error.message.c_str());
}

gossip_code failed(gossip_code code, const char* message) noexcept {
  const auto length = std::min(std::strlen(message), last_error.size() - 1);
  std::memcpy(last_error.data(), message, length);
  last_error[length] = '\0';
  return code;
}

}  // namespace gossip::capi

const char* gossip_last_error(void) {
  return gossip::capi::last_error.data();
}

const char* gossip_version(void) {
  return GOSSIP_VERSION;
}
