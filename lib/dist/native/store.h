// A c10d::Store whose keys a Go value keeps.
#pragma once

#include <torch/csrc/distributed/c10d/Store.hpp>

namespace dist {

// go_store returns the store behind a cgo.Handle, which must live as long.
c10::intrusive_ptr<c10d::Store> go_store(uintptr_t handle);

} // namespace dist
