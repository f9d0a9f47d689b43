// C++ exceptions end here: each function of the C interface runs its body through guarded.
#pragma once

#include "native.h"

#include <ATen/ATen.h>

#include <cstring>
#include <string>

namespace {

inline at::Tensor &of(pl_tensor t) { return *static_cast<at::Tensor *>(t); }

// A c10::Error's what() carries a C++ backtrace; without it the message says what is wrong.
inline char *message(const std::exception &e) {
  if (auto error = dynamic_cast<const c10::Error *>(&e))
    return strdup(error->what_without_backtrace());
  return strdup(e.what());
}

template <class F> char *guarded(F body) {
  try {
    body();
    return nullptr;
  } catch (const std::exception &e) {
    return message(e);
  } catch (...) {
    return strdup("unknown C++ exception");
  }
}

} // namespace
