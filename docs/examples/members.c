/* Who is in the cluster, told to a C program: members NAME BIND-ADDRESS [SEED…], until end of input.
 *   cc members.c $(pkg-config --cflags --libs libgossip) */
#include <gossip/gossip.h>
#include <stdio.h>
#include <string.h>

static gossip_bytes text(const char* words) {
  gossip_bytes bytes = {words, strlen(words)};
  return bytes;
}

static void tell(const char* what, const gossip_member* member) {
  printf("%s %s %s:%u\n", what, (const char*)member->name.data, (const char*)member->address.data,
         member->port);
  fflush(stdout);
}

/* Calls come from the node's thread, one at a time. */
static void joined(void* context, const gossip_member* member) {
  (void)context;
  tell("joined", member);
}

static void left(void* context, const gossip_member* member, gossip_leave_reason reason) {
  (void)context;
  tell(reason == GOSSIP_MEMBER_LEFT ? "left" : "failed", member);
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: members NAME BIND-ADDRESS [SEED...]\n");
    return 2;
  }
  gossip_config* config = gossip_config_new();
  gossip_config_set_text(config, "node_name", text(argv[1]));
  gossip_config_set_text(config, "bind_addr", text(argv[2]));
  gossip_config_set_tag(config, text("role"), text("example"));
  for (int i = 3; i < argc; ++i)
    gossip_config_add_join(config, text(argv[i]));

  const gossip_handler handler = {
      .size = sizeof handler, .member_join = joined, .member_leave = left};
  gossip_node* node = NULL;
  gossip_code code = gossip_node_create(config, &handler, &node);
  if (code == GOSSIP_OK) code = gossip_node_start(node);
  if (code == GOSSIP_OK) {
    while (getchar() != EOF)
      continue;
    code = gossip_node_leave(node);
  }
  if (code != GOSSIP_OK) fprintf(stderr, "%s\n", gossip_last_error());
  gossip_node_free(node);
  gossip_config_free(config);
  return code == GOSSIP_OK ? 0 : 1;
}
