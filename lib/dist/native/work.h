// Operations that go on in the background.
#pragma once

#include "group.h"

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <cstring>

namespace dist {

using Group = c10::intrusive_ptr<c10d::ProcessGroupGloo>;

inline at::Tensor &of(dist_tensor t) { return *static_cast<at::Tensor *>(t); }
inline Group &group_of(dist_group g) { return *static_cast<Group *>(g); }

// Work is one operation on a tensor. Gloo works in the processor's memory: what lies on a GPU goes there and back.
class Work {
public:
  template <class Begin> Work(const at::Tensor &t, Begin begin) : tensor(t), host(t.is_cpu() ? t : t.cpu()), work(begin(host)) {}

  // wait says whether the operation is done within that time; the operation's failure is thrown.
  bool wait(std::chrono::milliseconds timeout) {
    if (!work->isCompleted()) {
      try {
        work->wait(timeout);
      } catch (const std::exception &) {
        if (!work->isCompleted())
          return false;
      }
    }
    work->wait();
    if (!tensor.is_cpu())
      tensor.copy_(host);
    return true;
  }

private:
  at::Tensor tensor, host;
  c10::intrusive_ptr<c10d::Work> work;
};

inline Work all_reduce(Group &group, const at::Tensor &t) {
  return Work(t, [&](at::Tensor host) {
    std::vector<at::Tensor> tensors{host};
    return group->allreduce(tensors);
  });
}

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

} // namespace dist
