#include "wire/swim_fields.h"

namespace gossip::wire {

using base::msgpack::Reader;

namespace {

// The field of a Source that `key` names, or an unknown one.
void read_source_field(Reader& reader, std::string_view key, Source& source) {
  if (key == "SourceAddr") {
    reader.read(source.address);
  } else if (key == "SourceNode") {
    reader.read(source.node);
  } else if (key == "SourcePort") {
    reader.read(source.port);
  } else {
    reader.skip();
  }
}

template <typename Accusation>
void read_accusation(Reader& reader, Accusation& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "From") {
      reader.read(message.from);
    } else if (key == "Incarnation") {
      reader.read(message.incarnation);
    } else if (key == "Node") {
      reader.read(message.node);
    } else {
      reader.skip();
    }
  });
}

// What an alive and a row of a push/pull have in common, or an unknown field.
template <typename Node>
void read_node_field(Reader& reader, std::string_view key, Node& node) {
  if (key == "Addr") {
    reader.read(node.address);
  } else if (key == "Incarnation") {
    reader.read(node.incarnation);
  } else if (key == "Meta") {
    reader.read(node.meta);
  } else if (key == "Port") {
    reader.read(node.port);
  } else if (key == "Vsn") {
    reader.read(node.versions);
  } else {
    reader.skip();
  }
}

void read_state(Reader& reader, NodeStateKind& state) {
  std::int64_t number = 0;
  reader.read(number);
  if (number < 0 || number > static_cast<std::int64_t>(NodeStateKind::Left)) reader.fail();
  if (reader.good()) state = static_cast<NodeStateKind>(number);
}

void read_up_to(Reader& reader, std::size_t max, std::int64_t& value) {
  reader.read(value);
  if (value < 0 || value > static_cast<std::int64_t>(max)) reader.fail();
}

}  // namespace

void read_fields(Reader& reader, Ping& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Node") {
      reader.read(message.node);
    } else if (key == "SeqNo") {
      reader.read(message.sequence);
    } else {
      read_source_field(reader, key, message.source);
    }
  });
}

void read_fields(Reader& reader, IndirectPing& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Nack") {
      reader.read(message.nack);
    } else if (key == "Node") {
      reader.read(message.node);
    } else if (key == "Port") {
      reader.read(message.port);
    } else if (key == "SeqNo") {
      reader.read(message.sequence);
    } else if (key == "Target") {
      reader.read(message.target);
    } else {
      read_source_field(reader, key, message.source);
    }
  });
}

void read_fields(Reader& reader, Ack& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Payload") {
      reader.read(message.payload);
    } else if (key == "SeqNo") {
      reader.read(message.sequence);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, Nack& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "SeqNo") {
      reader.read(message.sequence);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, ErrorReply& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Error") {
      reader.read(message.error);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, Suspect& message) {
  read_accusation(reader, message);
}

void read_fields(Reader& reader, Dead& message) {
  read_accusation(reader, message);
}

void read_fields(Reader& reader, Alive& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Node") {
      reader.read(message.node);
    } else {
      read_node_field(reader, key, message);
    }
  });
}

void read_fields(Reader& reader, NodeState& row) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Name") {
      reader.read(row.name);
    } else if (key == "State") {
      read_state(reader, row.state);
    } else {
      read_node_field(reader, key, row);
    }
  });
}

void read_fields(Reader& reader, PushPullHeader& header) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Join") {
      reader.read(header.join);
    } else if (key == "Nodes") {
      read_up_to(reader, kMaxPushPullNodes, header.node_count);
    } else if (key == "UserStateLen") {
      read_up_to(reader, kMaxStreamBytes, header.user_state_bytes);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, UserMessageHeader& header) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "UserMsgLen") {
      read_up_to(reader, kMaxStreamBytes, header.bytes);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, CompressHeader& header) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Algo") {
      reader.read(header.algorithm);
    } else if (key == "Buf") {
      reader.read(header.buffer);
    } else {
      reader.skip();
    }
  });
}

}  // namespace gossip::wire
