#include "store.h"
#include "work.h"

using namespace dist;
using Options = c10d::ProcessGroupGloo::Options;
using std::chrono::milliseconds;

char *dist_join(dist_group *out, uintptr_t store, int rank, int size, int64_t timeout_ms, const char *host, const char *interface) {
  return guarded([&] {
    auto options = Options::create(milliseconds(timeout_ms));
    options->threads = 2;
    if (*host)
      options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(host));
    else if (*interface)
      options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(interface));
    else
      options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    *out = new Group(c10::make_intrusive<c10d::ProcessGroupGloo>(go_store(store), rank, size, options));
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
    *out = new Work(of(t), [&](at::Tensor host) {
      std::vector<at::Tensor> tensors{host};
      return group_of(group)->broadcast(tensors, options);
    });
  });
}

char *dist_all_gather(dist_work *out, dist_group group, dist_tensor into, dist_tensor from) {
  return guarded([&] {
    *out = new Work(of(into), [&](at::Tensor host) {
      std::vector<std::vector<at::Tensor>> outputs{host.unbind(0)};
      std::vector<at::Tensor> inputs{of(from).cpu()};
      return group_of(group)->allgather(outputs, inputs);
    });
  });
}

char *dist_barrier(dist_work *out, dist_group group) {
  return guarded([&] {
    *out = new Work(at::empty({0}), [&](const at::Tensor &) { return group_of(group)->barrier(); });
  });
}

char *dist_wait(dist_work work, int64_t timeout_ms, int *done) {
  return guarded([&] { *done = static_cast<Work *>(work)->wait(milliseconds(timeout_ms)); });
}

void dist_free_work(dist_work work) { delete static_cast<Work *>(work); }
