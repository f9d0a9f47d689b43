#include "store.h"
#include "work.h"

#include <c10/util/Logging.h>

using namespace dist;
using c10d::ProcessGroupGloo;
using std::chrono::milliseconds;

char *dist_join(dist_group *out, uintptr_t store, int rank, int size, int64_t timeout_ms, const char *host, const char *interface) {
  return guarded([&] {
    // What c10d logs of a failure its error says too.
    if (!getenv("TORCH_CPP_LOG_LEVEL"))
      FLAGS_caffe2_log_level = c10::GLOG_FATAL;
    auto options = ProcessGroupGloo::Options::create(milliseconds(timeout_ms));
    options->threads = 2;
    if (*host)
      options->devices.push_back(ProcessGroupGloo::createDeviceForHostname(host));
    else if (*interface)
      options->devices.push_back(ProcessGroupGloo::createDeviceForInterface(interface));
    else
      options->devices.push_back(ProcessGroupGloo::createDefaultDevice());
    *out = new Group{c10::make_intrusive<ProcessGroupGloo>(go_store(store), rank, size, options), {}};
  });
}

void dist_leave(dist_group group) { delete &group_of(group); }

char *dist_all_reduce(dist_work *out, dist_group group, dist_tensor t) {
  return guarded([&] { *out = new Work(all_reduce(group_of(group), of(t))); });
}

char *dist_broadcast(dist_work *out, dist_group group, dist_tensor t, int root) {
  return guarded([&] {
    c10d::BroadcastOptions options;
    options.rootRank = root;
    *out = new Work(group_of(group), of(t), [&](const Backend &backend, at::Tensor taken) {
      std::vector<at::Tensor> tensors{taken};
      return backend->broadcast(tensors, options);
    });
  });
}

char *dist_all_gather(dist_work *out, dist_group group, dist_tensor into, dist_tensor from) {
  return guarded([&] {
    *out = new Work(group_of(group), of(into), [&](const Backend &backend, at::Tensor taken) {
      std::vector<std::vector<at::Tensor>> outputs{taken.unbind(0)};
      std::vector<at::Tensor> inputs{of(from).to(taken.device())};
      return backend->allgather(outputs, inputs);
    });
  });
}

char *dist_barrier(dist_work *out, dist_group group) {
  return guarded([&] {
    *out = new Work(group_of(group), at::empty({0}), [](const Backend &gloo, const at::Tensor &) { return gloo->barrier(); });
  });
}

char *dist_wait(dist_work work, int64_t timeout_ms, int *done) {
  return guarded([&] { *done = static_cast<Work *>(work)->wait(milliseconds(timeout_ms)); });
}

void dist_free_work(dist_work work) { delete static_cast<Work *>(work); }
