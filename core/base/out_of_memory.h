// The end of a program of ours that gets no memory. No library that we use survives that, and a process that ends
// at once is started again; what it has saved is whole (tests/failures). An embedding program decides for itself.
#pragma once

namespace gossip::base {

// From here on an allocation that fails writes "PROGRAM: out of memory" to standard error and aborts.
void abort_when_out_of_memory();

}  // namespace gossip::base
