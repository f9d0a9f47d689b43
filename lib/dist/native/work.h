// Operations that go on in the background.
#pragma once

#include "group.h"

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <cstring>
#include <thread>

namespace dist {

using Backend = c10::intrusive_ptr<c10d::Backend>;

// Group is the ranks as gloo joins them, and as NCCL does, which is null where it is not in.
struct Group {
  Backend gloo, nccl;
  bool by_nccl(const at::Tensor &t) const { return nccl && t.is_cuda(); }
};

inline at::Tensor &of(dist_tensor t) { return *static_cast<at::Tensor *>(t); }
inline Group &group_of(dist_group g) { return *static_cast<Group *>(g); }

// Work is one operation on a tensor. NCCL works where a tensor lies; gloo in the processor's memory: what lies on a GPU goes there and back.
class Work {
public:
  // begin starts the operation on a backend and the tensor that this takes.
  template <class Begin>
  Work(const Group &group, const at::Tensor &t, Begin begin)
      : by_nccl(group.by_nccl(t)), tensor(t), taken(by_nccl || t.is_cpu() ? t : t.cpu()), work(begin(by_nccl ? group.nccl : group.gloo, taken)) {}

  // wait says whether the operation is done within that time; the operation's failure is thrown.
  bool wait(std::chrono::milliseconds timeout) {
    if (!(by_nccl ? poll(timeout) : block(timeout)))
      return false;
    work->wait(); // throws; with NCCL the current stream waits too
    if (!taken.is_same(tensor))
      tensor.copy_(taken);
    return true;
  }

private:
  // poll waits on the device: NCCL's own wait with a timeout would end the communicator with it.
  bool poll(std::chrono::milliseconds timeout) {
    auto end = std::chrono::steady_clock::now() + timeout;
    while (!work->isCompleted()) {
      if (std::chrono::steady_clock::now() > end)
        return false;
      std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
    return true;
  }

  bool block(std::chrono::milliseconds timeout) {
    if (work->isCompleted())
      return true;
    try {
      work->wait(timeout);
    } catch (const std::exception &) {
      return work->isCompleted();
    }
    return true;
  }

  bool by_nccl;
  at::Tensor tensor, taken;
  c10::intrusive_ptr<c10d::Work> work;
};

inline Work all_reduce(const Group &group, const at::Tensor &t) {
  return Work(group, t, [](const Backend &backend, at::Tensor taken) {
    std::vector<at::Tensor> tensors{taken};
    return backend->allreduce(tensors);
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
