/* Prints the logits of each image on standard input, for an export named net; see agree.py. */
#include <stdio.h>

#include "net.h"

static net_memory memory;

int main(void) {
  uint8_t image[NET_PIXELS];
  int32_t logits[NET_CLASSES];
  int i;
  while (fread(image, 1, sizeof image, stdin) == sizeof image) {
    net_logits(image, &memory, logits);
    for (i = 0; i < NET_CLASSES; ++i) printf("%ld ", (long)logits[i]);
    printf("\n");
  }
  return 0;
}
