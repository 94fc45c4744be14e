#include "agent/discovery/dns_message.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/overloaded.h"

namespace gossip::agent::discovery {

namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint8_t kPointerBits = 0xc0;
constexpr std::size_t kMaxPointer = 0x3fff;

void append_label(std::string& wire, std::string_view label) {
  wire += static_cast<char>(label.size());
  wire += label;
}

// The length of the first label of `wire` with the byte in front; 0 at the end.
std::size_t first_label(std::string_view wire) {
  return wire.empty() ? 0 : std::size_t{1} + static_cast<std::uint8_t>(wire.front());
}

}  // namespace

bool is_dns_name(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty() || text.size() + 2 > kMaxDnsNameBytes) return false;
  std::size_t label = 0;
  for (const char c : text) {
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > kMaxDnsLabelBytes) return false;
  }
  return label > 0;
}

DnsName DnsName::of(std::string_view text) {
  GOSSIP_CHECK(is_dns_name(text));
  DnsName name;
  while (!text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    append_label(name.wire_, text.substr(0, dot));
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return name;
}

DnsName DnsName::below(std::string_view label) const {
  DnsName name;
  const std::size_t room = kMaxDnsNameBytes - 2 - std::min(wire_.size(), kMaxDnsNameBytes - 3);
  append_label(name.wire_, label.substr(0, std::min(room, kMaxDnsLabelBytes)));
  name.wire_ += wire_;
  return name;
}

std::string DnsName::to_string() const {
  std::string text;
  std::string_view rest = wire_;
  while (const std::size_t length = first_label(rest)) {
    if (!text.empty()) text += '.';
    text += rest.substr(1, length - 1);
    rest.remove_prefix(length);
  }
  return text;
}

// Reads one message from its beginning; names may point back into what was read.
class DnsReader {
 public:
  explicit DnsReader(ByteView packet) : packet_(packet) {}

  tl::expected<DnsMessage, DnsError> message(DnsLimits limits) {
    if (packet_.size() > limits.bytes) return tl::unexpected(DnsError::TooLarge);
    base::Reader header(packet_.first(std::min(packet_.size(), kHeaderBytes)));
    DnsMessage message;
    std::array<std::uint16_t, 4> counts{};
    const bool whole = take(header, message.id) && take(header, message.flags) &&
                       take(header, counts[0]) && take(header, counts[1]) &&
                       take(header, counts[2]) && take(header, counts[3]);
    if (!whole) return tl::unexpected(DnsError::Truncated);
    if (std::size_t{counts[0]} + counts[1] + counts[2] + counts[3] > limits.entries) {
      return tl::unexpected(DnsError::TooLarge);
    }
    at_ = kHeaderBytes;
    if (!questions(counts[0], message.questions) || !records(counts[1], message.answers) ||
        !records(counts[2], message.authorities) || !records(counts[3], message.additional)) {
      return tl::unexpected(error_);
    }
    return message;
  }

 private:
  static bool take(base::Reader& reader, std::uint16_t& value) {
    const std::optional<std::uint16_t> read = reader.u16();
    if (read) value = *read;
    return read.has_value();
  }

  bool refuse(DnsError error) {
    error_ = error;
    return false;
  }

  bool u16(std::uint16_t& value) {
    base::Reader reader(packet_.subspan(at_));
    if (!take(reader, value)) return refuse(DnsError::Truncated);
    at_ += sizeof value;
    return true;
  }

  // The name at `at_`, which moves behind it.
  bool name(DnsName& out) {
    std::string wire;
    std::optional<std::size_t> behind;  // the first pointer, which ends the name here
    std::size_t at = at_;
    std::size_t before = at_;  // what the next pointer must lead before, so that the name ends
    while (at < packet_.size() && packet_[at] != 0) {
      if ((packet_[at] & kPointerBits) == kPointerBits) {
        const std::optional<std::size_t> target = pointer(at, before);
        if (!target) return false;
        if (!behind) behind = at + 2;
        before = at = *target;
      } else if (!label(at, wire)) {
        return false;
      }
    }
    if (at >= packet_.size()) return refuse(DnsError::Truncated);
    at_ = behind.value_or(at + 1);
    out.wire_ = std::move(wire);
    return true;
  }

  std::optional<std::size_t> pointer(std::size_t at, std::size_t before) {
    if (at + 1 >= packet_.size()) {
      refuse(DnsError::Truncated);
      return std::nullopt;
    }
    const std::size_t target = std::size_t{packet_[at] & 0x3fU} << 8 | packet_[at + 1];
    if (target < before && target >= kHeaderBytes) return target;
    refuse(DnsError::BadName);
    return std::nullopt;
  }

  // Appends the label at `at`, which moves behind it.
  bool label(std::size_t& at, std::string& wire) {
    const std::size_t length = packet_[at];
    if (length > kMaxDnsLabelBytes) return refuse(DnsError::BadName);
    if (packet_.size() - at - 1 < length) return refuse(DnsError::Truncated);
    if (wire.size() + length + 2 > kMaxDnsNameBytes) return refuse(DnsError::BadName);
    wire += as_text(packet_.subspan(at, 1 + length));
    at += 1 + length;
    return true;
  }

  bool questions(std::size_t count, std::vector<DnsQuestion>& out) {
    for (; count > 0; --count) {
      DnsQuestion question;
      std::uint16_t type = 0;
      if (!name(question.name) || !u16(type) || !u16(question.klass)) return false;
      question.type = static_cast<DnsType>(type);
      out.push_back(std::move(question));
    }
    return true;
  }

  bool records(std::size_t count, std::vector<DnsRecord>& out) {
    for (; count > 0; --count) {
      DnsRecord record;
      std::uint16_t type = 0;
      std::uint16_t ttl_high = 0;
      std::uint16_t ttl_low = 0;
      std::uint16_t length = 0;
      if (!name(record.name) || !u16(type) || !u16(record.klass) || !u16(ttl_high) ||
          !u16(ttl_low) || !u16(length)) {
        return false;
      }
      record.type = static_cast<DnsType>(type);
      record.ttl = std::uint32_t{ttl_high} << 16 | ttl_low;
      if (packet_.size() - at_ < length) return refuse(DnsError::Truncated);
      const std::size_t end = at_ + length;
      if (!data(record, end)) return false;
      if (at_ != end) return refuse(DnsError::BadRecord);
      out.push_back(std::move(record));
    }
    return true;
  }

  // From `at_` to `end`, which is inside the packet; a reader that went past it is found by the caller.
  bool data(DnsRecord& record, std::size_t end) {
    switch (record.type) {
      case DnsType::Ptr: return name(record.data.emplace<DnsPointer>().target);
      case DnsType::Srv: {
        auto& service = record.data.emplace<DnsService>();
        return u16(service.priority) && u16(service.weight) && u16(service.port) &&
               name(service.target);
      }
      case DnsType::Txt: return texts(record.data.emplace<DnsTexts>().texts, end);
      case DnsType::A: return ip(record, end, 4);
      case DnsType::Aaaa: return ip(record, end, 16);
      default: break;
    }
    const ByteView bytes = packet_.subspan(at_, end - at_);
    record.data.emplace<DnsOpaque>().bytes.assign(bytes.begin(), bytes.end());
    at_ = end;
    return true;
  }

  bool texts(std::vector<std::string>& out, std::size_t end) {
    while (at_ < end) {
      const std::size_t length = packet_[at_];
      if (end - at_ - 1 < length) return refuse(DnsError::BadRecord);
      const ByteView bytes = packet_.subspan(at_ + 1, length);
      out.emplace_back(bytes.begin(), bytes.end());
      at_ += 1 + length;
    }
    return true;
  }

  bool ip(DnsRecord& record, std::size_t end, std::size_t length) {
    if (end - at_ != length) return refuse(DnsError::BadRecord);
    record.data = *IpAddress::from_bytes(packet_.subspan(at_, length));
    at_ = end;
    return true;
  }

  ByteView packet_;
  std::size_t at_ = 0;
  DnsError error_ = DnsError::Truncated;
};

namespace {

enum class Pointers : std::uint8_t { Allowed, No };

class Writer {
 public:
  void u16(std::uint16_t value) { base::append_u16(value, out_); }
  void u32(std::uint32_t value) { base::append_u32(value, out_); }
  void bytes(ByteView bytes) { base::append(bytes, out_); }

  void name(const DnsName& name, Pointers pointers) {
    std::string_view rest = name.wire();
    while (!rest.empty()) {
      const auto known = seen_.find(rest);
      if (known != seen_.end() && pointers == Pointers::Allowed) {
        u16(static_cast<std::uint16_t>(std::uint16_t{kPointerBits} << 8 | known->second));
        return;
      }
      if (known == seen_.end() && out_.size() <= kMaxPointer) seen_.emplace(rest, out_.size());
      const std::size_t length = first_label(rest);
      out_.insert(out_.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
      rest.remove_prefix(length);
    }
    out_.push_back(0);
  }

  void record(const DnsRecord& record) {
    name(record.name, Pointers::Allowed);
    u16(static_cast<std::uint16_t>(record.type));
    u16(record.klass);
    u32(record.ttl);
    const std::size_t length_at = out_.size();
    u16(0);
    std::visit(base::Overloaded{
                   [&](const DnsOpaque& opaque) { bytes(opaque.bytes); },
                   [&](const DnsPointer& pointer) { name(pointer.target, Pointers::Allowed); },
                   [&](const DnsService& service) {
                     u16(service.priority);
                     u16(service.weight);
                     u16(service.port);
                     name(service.target, Pointers::No);
                   },
                   [&](const DnsTexts& texts) {
                     for (const std::string& text : texts.texts) {
                       out_.push_back(static_cast<std::uint8_t>(text.size()));
                       out_.insert(out_.end(), text.begin(), text.end());
                     }
                   },
                   [&](const IpAddress& ip) { bytes(ip.bytes()); },
               },
               record.data);
    const std::size_t length = out_.size() - length_at - 2;
    out_[length_at] = static_cast<std::uint8_t>(length >> 8);
    out_[length_at + 1] = static_cast<std::uint8_t>(length);
  }

  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
  std::map<std::string, std::size_t, std::less<>> seen_;  // where each end of a name stands
};

}  // namespace

tl::expected<DnsMessage, DnsError> decode_dns(ByteView packet, DnsLimits limits) {
  return DnsReader(packet).message(limits);
}

Bytes encode_dns(const DnsMessage& message) {
  Writer out;
  out.u16(message.id);
  out.u16(message.flags);
  out.u16(static_cast<std::uint16_t>(message.questions.size()));
  for (const auto* section : {&message.answers, &message.authorities, &message.additional}) {
    out.u16(static_cast<std::uint16_t>(section->size()));
  }
  for (const DnsQuestion& question : message.questions) {
    out.name(question.name, Pointers::Allowed);
    out.u16(static_cast<std::uint16_t>(question.type));
    out.u16(question.klass);
  }
  for (const auto* section : {&message.answers, &message.authorities, &message.additional}) {
    for (const DnsRecord& record : *section)
      out.record(record);
  }
  return out.take();
}

}  // namespace gossip::agent::discovery
