// DNS messages as multicast DNS and our own questions use them (RFC 1035 §4, RFC 6762 §18): bytes to questions and records, and back.
// Any bytes give a message or a reason why not. What the records mean is for others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "gossip/address.h"
#include "gossip/bytes.h"

namespace gossip::agent::discovery {

inline constexpr std::size_t kMaxDnsMessageBytes = 9000;  // RFC 6762 §17
inline constexpr std::size_t kMaxDnsNameBytes = 255;      // with its lengths and the final zero
inline constexpr std::size_t kMaxDnsLabelBytes = 63;
// Questions and records together; more is refused. The message's bytes permit some 700.
inline constexpr std::size_t kMaxDnsEntries = 256;

// A name as its labels, each behind its length, without the final zero. Compared byte for byte: Serf's agents
// tell "Web" from "web".
class DnsName {
 public:
  DnsName() = default;  // the root
  // The labels between dots; a dot at the end changes nothing. Precondition: is_dns_name(text).
  [[nodiscard]] static DnsName of(std::string_view text);
  // `label` in front of this name, of which the first bytes are used: 63, or what keeps the name valid.
  [[nodiscard]] DnsName below(std::string_view label) const;

  [[nodiscard]] std::string_view wire() const { return wire_; }
  // With dots between the labels, for logs.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const DnsName&, const DnsName&) = default;

 private:
  friend class DnsReader;
  std::string wire_;
};

// Labels of 1 to 63 bytes, 255 in all.
[[nodiscard]] bool is_dns_name(std::string_view text);

enum class DnsType : std::uint16_t { A = 1, Ptr = 12, Txt = 16, Aaaa = 28, Srv = 33, Any = 255 };

inline constexpr std::uint16_t kDnsClassIn = 1;
// In a question "answer me alone", in a record "forget what you knew" (RFC 6762 §18.12, §18.13).
inline constexpr std::uint16_t kDnsClassTopBit = 0x8000;

struct DnsQuestion {
  DnsName name;
  DnsType type{};
  std::uint16_t klass = kDnsClassIn;
  friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

struct DnsPointer {
  DnsName target;
  friend bool operator==(const DnsPointer&, const DnsPointer&) = default;
};
struct DnsService {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  DnsName target;
  friend bool operator==(const DnsService&, const DnsService&) = default;
};
struct DnsTexts {
  std::vector<std::string> texts;  // at most 255 bytes each
  friend bool operator==(const DnsTexts&, const DnsTexts&) = default;
};
// Of a type that nobody here asks for. Its names may point into the message it came in.
struct DnsOpaque {
  Bytes bytes;
  friend bool operator==(const DnsOpaque&, const DnsOpaque&) = default;
};

struct DnsRecord {
  DnsName name;
  DnsType type{};
  std::uint16_t klass = kDnsClassIn;
  std::uint32_t ttl = 0;  // seconds
  std::variant<DnsOpaque, DnsPointer, DnsService, DnsTexts, IpAddress> data;
  friend bool operator==(const DnsRecord&, const DnsRecord&) = default;
};

struct DnsMessage {
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::vector<DnsQuestion> questions;
  std::vector<DnsRecord> answers;
  std::vector<DnsRecord> authorities;
  std::vector<DnsRecord> additional;
  friend bool operator==(const DnsMessage&, const DnsMessage&) = default;
};

inline constexpr std::uint16_t kDnsResponse = 0x8000;
inline constexpr std::uint16_t kDnsAuthoritative = 0x0400;
inline constexpr std::uint16_t kDnsOpcode = 0x7800;
inline constexpr std::uint16_t kDnsResponseCode = 0x000f;

enum class DnsError : std::uint8_t {
  Truncated,  // fewer bytes than announced
  BadName,    // a label or name too long, or a pointer that does not lead back
  BadRecord,  // data that does not fit its type
  TooLarge,   // beyond a limit above
};

struct DnsLimits {
  std::size_t bytes = kMaxDnsMessageBytes;
  std::size_t entries = kMaxDnsEntries;
};

// Bytes after the message are ignored.
[[nodiscard]] tl::expected<DnsMessage, DnsError> decode_dns(ByteView packet, DnsLimits limits = {});

// Names are shortened by pointers, but for the target of a service (RFC 2782).
[[nodiscard]] Bytes encode_dns(const DnsMessage& message);

}  // namespace gossip::agent::discovery
