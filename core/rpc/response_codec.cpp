#include "rpc/response_codec.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "rpc/fields.h"
#include "rpc/member_codec.h"
#include "rpc/metrics_codec.h"

namespace gossip::rpc {
namespace {

void write_coordinate(MsgpackWriter& out, const std::optional<Coordinate>& coordinate) {
  const Coordinate shown =
      coordinate.value_or(Coordinate{.vec = {}, .error = 0, .adjustment = 0, .height = 0});
  out.write_map(2);
  out.write(std::string_view("Coord"));
  out.write_map(4);
  out.field("Adjustment", shown.adjustment);
  out.field("Error", shown.error);
  out.field("Height", shown.height);
  out.write(std::string_view("Vec"));
  if (coordinate) {
    out.write_list(shown.vec.size());
    for (const double figure : shown.vec)
      out.write(figure);
  } else {
    out.write_nil();
  }
  out.field("Ok", coordinate.has_value());
}

void write_key_counts(MsgpackWriter& out, const std::map<std::string, std::int64_t>& keys) {
  out.write_map(keys.size());
  for (const auto& [key, count] : keys)
    out.field(key, count);
}

void write_seed(MsgpackWriter& out, const SeedStatus& seed) {
  const std::array<std::pair<std::string_view, const std::optional<std::int64_t>*>, 4> times{
      {{"Joined", &seed.joined_ms},
       {"LookedUp", &seed.looked_up_ms},
       {"Next", &seed.next_ms},
       {"Since", &seed.since_ms}}};
  const auto known = std::count_if(times.begin(), times.end(),
                                   [](const auto& time) { return time.second->has_value(); });
  out.write_map(8U + static_cast<std::size_t>(known));
  out.write(std::string_view("Answer"));
  write_text_list(out, seed.answer);
  out.field("Attempts", seed.attempts);
  out.field("Error", std::string_view(seed.error));
  for (const auto& [name, time] : times) {
    if (*time) out.field(name, **time);
  }
  out.field("Joins", seed.joins);
  out.field("Kind", std::string_view(seed.kind));
  out.field("Note", std::string_view(seed.note));
  out.field("Seed", std::string_view(seed.seed));
  out.field("State", std::string_view(seed.state));
}

struct ResponseBodyEncoder {
  MsgpackWriter& out;

  void operator()(const NoBody& /*body*/) const {}
  void operator()(const JoinResponse& body) const {
    out.write_map(1);
    out.field("Num", body.joined);
  }
  void operator()(const MembersResponse& body) const {
    out.write_map(1);
    write_members(out, body.members);
  }
  void operator()(const KeyResponse& body) const {
    out.write_map(5U + (body.primaries.empty() ? 0U : 1U) + (body.silent.empty() ? 0U : 1U));
    out.write(std::string_view("Keys"));
    if (body.keys) {
      write_key_counts(out, *body.keys);
    } else {
      out.write_nil();
    }
    out.write(std::string_view("Messages"));
    write_text_map(out, body.messages);
    out.field("NumErr", body.error_count);
    out.field("NumNodes", body.node_count);
    out.field("NumResp", body.response_count);
    if (!body.primaries.empty()) {
      out.write(std::string_view("PrimaryKeys"));
      write_key_counts(out, body.primaries);
    }
    if (!body.silent.empty()) {
      out.write(std::string_view("Silent"));
      write_text_list(out, body.silent);
    }
  }
  void operator()(const StatsResponse& body) const {
    out.write_map(body.sections.size());
    for (const auto& [name, section] : body.sections) {
      out.write(std::string_view(name));
      write_text_map(out, section);
    }
  }
  void operator()(const CoordinateResponse& body) const { write_coordinate(out, body.coordinate); }
  void operator()(const SeedsResponse& body) const {
    out.write_map(1);
    out.write(std::string_view("Seeds"));
    out.write_list(body.seeds.size());
    for (const SeedStatus& seed : body.seeds)
      write_seed(out, seed);
  }
  void operator()(const MetricsResponse& body) const { write_metrics(out, body); }
  void operator()(const ReloadResponse& body) const {
    out.write_map(4);
    out.write(std::string_view("Failed"));
    write_text_list(out, body.failed);
    out.write(std::string_view("Restart"));
    write_text_list(out, body.restart);
    out.write(std::string_view("Taken"));
    write_text_list(out, body.taken);
    out.write(std::string_view("Warnings"));
    write_text_list(out, body.warnings);
  }
};

void read_key_counts(MsgpackReader& in, std::map<std::string, std::int64_t>& keys) {
  keys.clear();
  read_fields(in, [&](std::string_view key) {
    in.read(keys[std::string(key)]);
    return true;
  });
}

bool read_field(MsgpackReader& in, std::string_view key, JoinResponse& body) {
  if (key != "Num") return false;
  in.read(body.joined);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, MembersResponse& body) {
  if (key != "Members") return false;
  read_members(in, body.members);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, KeyResponse& body) {
  if (key == "Messages") {
    read_text_map(in, body.messages);
  } else if (key == "Keys") {
    body.keys.reset();
    if (!in.take_nil()) read_key_counts(in, body.keys.emplace());
  } else if (key == "NumNodes") {
    in.read(body.node_count);
  } else if (key == "NumErr") {
    in.read(body.error_count);
  } else if (key == "NumResp") {
    in.read(body.response_count);
  } else if (key == "PrimaryKeys") {
    read_key_counts(in, body.primaries);
  } else if (key == "Silent") {
    read_text_list(in, body.silent);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, StatsResponse& body) {
  read_text_map(in, body.sections[std::string(key)]);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, ReloadResponse& body) {
  if (key == "Failed") {
    read_text_list(in, body.failed);
  } else if (key == "Restart") {
    read_text_list(in, body.restart);
  } else if (key == "Taken") {
    read_text_list(in, body.taken);
  } else if (key == "Warnings") {
    read_text_list(in, body.warnings);
  } else {
    return false;
  }
  return true;
}

void read_seed(MsgpackReader& in, SeedStatus& seed) {
  read_fields(in, [&](std::string_view key) {
    const std::array<std::pair<std::string_view, std::string*>, 5> texts{{{"Error", &seed.error},
                                                                          {"Kind", &seed.kind},
                                                                          {"Note", &seed.note},
                                                                          {"Seed", &seed.seed},
                                                                          {"State", &seed.state}}};
    for (const auto& [name, text] : texts) {
      if (name != key) continue;
      read_text(in, *text);
      return true;
    }
    if (key == "Answer") {
      read_text_list(in, seed.answer);
    } else if (key == "Attempts") {
      in.read(seed.attempts);
    } else if (key == "Joins") {
      in.read(seed.joins);
    } else if (key == "Joined") {
      in.read(seed.joined_ms.emplace());
    } else if (key == "LookedUp") {
      in.read(seed.looked_up_ms.emplace());
    } else if (key == "Next") {
      in.read(seed.next_ms.emplace());
    } else if (key == "Since") {
      in.read(seed.since_ms.emplace());
    } else {
      return false;
    }
    return true;
  });
}

bool read_field(MsgpackReader& in, std::string_view key, SeedsResponse& body) {
  if (key != "Seeds") return false;
  body.seeds.clear();
  const std::size_t count = in.read_list();
  for (std::size_t i = 0; i < count && in.good(); ++i)
    read_seed(in, body.seeds.emplace_back());
  return true;
}

void read_coordinate(MsgpackReader& in, Coordinate& coordinate) {
  read_fields(in, [&](std::string_view key) {
    if (key == "Error") {
      in.read(coordinate.error);
    } else if (key == "Adjustment") {
      in.read(coordinate.adjustment);
    } else if (key == "Height") {
      in.read(coordinate.height);
    } else if (key == "Vec") {
      const std::size_t count = in.read_list();
      if (count > coordinate.vec.size()) in.fail();
      for (std::size_t i = 0; i < count && in.good(); ++i)
        in.read(coordinate.vec[i]);
    } else {
      return false;
    }
    return true;
  });
}

template <typename T>
std::optional<ResponseBody> decode_body(ByteView object) {
  T body;
  const bool read = read_object(object, [&body](MsgpackReader& in, std::string_view key) {
    return read_field(in, key, body);
  });
  if (!read) return std::nullopt;
  return body;
}

std::optional<ResponseBody> decode_coordinate_body(ByteView object) {
  bool known = false;
  Coordinate coordinate;
  const bool read = read_object(object, [&](MsgpackReader& in, std::string_view key) {
    if (key == "Coord") {
      read_coordinate(in, coordinate);
    } else if (key == "Ok") {
      in.read(known);
    } else {
      return false;
    }
    return true;
  });
  if (!read) return std::nullopt;
  return CoordinateResponse{known ? std::optional(coordinate) : std::nullopt};
}

}  // namespace

void encode_response_header(const ResponseHeader& header, Bytes& out) {
  MsgpackWriter writer(out, base::msgpack::Flavour::Rpc);
  writer.write_map(2);
  writer.field("Error", std::string_view(header.error));
  writer.field("Seq", header.seq);
}

void encode_response_body(const ResponseBody& body, Bytes& out) {
  MsgpackWriter writer(out, base::msgpack::Flavour::Rpc);
  std::visit(ResponseBodyEncoder{writer}, body);
}

std::optional<ResponseHeader> decode_response_header(ByteView object) {
  ResponseHeader header;
  bool has_seq = false;
  bool has_error = false;
  const bool read = read_object(object, [&](MsgpackReader& in, std::string_view key) {
    if (key == "Seq") {
      in.read(header.seq);
      has_seq = true;
    } else if (key == "Error") {
      read_text(in, header.error);
      has_error = true;
    } else {
      return false;
    }
    return true;
  });
  if (!read || !has_seq || !has_error) return std::nullopt;
  return header;
}

std::optional<ResponseBody> decode_response_body(Command command, ByteView object) {
  switch (command) {
    case Command::Join: return decode_body<JoinResponse>(object);
    case Command::Members:
    case Command::MembersFiltered: return decode_body<MembersResponse>(object);
    case Command::InstallKey:
    case Command::UseKey:
    case Command::RemoveKey:
    case Command::ListKeys: return decode_body<KeyResponse>(object);
    case Command::Stats: return decode_body<StatsResponse>(object);
    case Command::GetCoordinate: return decode_coordinate_body(object);
    case Command::Reload: return decode_body<ReloadResponse>(object);
    case Command::Seeds: return decode_body<SeedsResponse>(object);
    case Command::Metrics: return decode_metrics(object);
    default: return NoBody{};
  }
}

}  // namespace gossip::rpc
