/* What each C program here begins with: a check that ends it, and words as gossip_bytes. */
#ifndef GOSSIP_TESTS_CAPI_CHECK_H
#define GOSSIP_TESTS_CAPI_CHECK_H

#include <gossip/gossip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                        \
  do {                                                                                          \
    if (!(condition)) {                                                                         \
      fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, gossip_last_error()); \
      exit(1);                                                                                  \
    }                                                                                           \
  } while (0)

static inline gossip_bytes text(const char* words) {
  gossip_bytes bytes = {words, strlen(words)};
  return bytes;
}

#endif
