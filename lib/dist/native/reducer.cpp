// Gradients added up over the ranks while the backward pass goes on: what DistributedDataParallel of PyTorch does (Li et al. 2020,
// "PyTorch Distributed"), on gradients that lie in one flat buffer.

#include "work.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <mutex>

namespace dist {
namespace {

using torch::autograd::Node;
using torch::autograd::variable_list;

struct Bucket {
  at::Tensor gradients;
  int parameters = 0, missing = 0; // those with a part in it, and of them those that are not final yet
  std::unique_ptr<Work> work;
};

struct Parameter {
  std::vector<size_t> buckets;
  int expected = 0, seen = 0; // times that a backward pass hands it on
};

// Reducer sends the buckets in their order, which is that of every rank.
class Reducer {
public:
  Reducer(const Group &group, const at::Tensor &flat, const std::vector<at::Tensor> &leaves, const std::vector<dist_stretch> &stretches)
      : group(group), parameters(leaves.size()) {
    for (const dist_stretch &s : stretches) {
      buckets.emplace_back();
      buckets.back().gradients = flat.narrow(0, s.from, s.len);
    }
    for (size_t i = 0; i < leaves.size(); i++) {
      const at::Tensor &gradient = leaves[i].grad();
      TORCH_CHECK(gradient.defined() && gradient.is_alias_of(flat), "parameter ", i, " has no gradient in the flat buffer");
      int64_t from = gradient.storage_offset() - flat.storage_offset(), to = from + gradient.numel();
      for (size_t b = 0; b < stretches.size(); b++)
        if (from < stretches[b].from + stretches[b].len && stretches[b].from < to)
          parameters[i].buckets.push_back(b);
    }
  }

  // watch expects of the next backward pass what the first one did, by which the reducer learns.
  void watch() {
    std::lock_guard lock(mutex);
    watching = true;
    sent = 0;
    for (Bucket &b : buckets) {
      b.work.reset();
      b.missing = b.parameters;
    }
    for (Parameter &p : parameters)
      p.seen = 0;
  }

  // handed_on is told when autograd has done with a parameter, once more.
  void handed_on(size_t i) {
    std::lock_guard lock(mutex);
    if (!watching)
      return;
    Parameter &p = parameters[i];
    p.seen++;
    if (!learned)
      return;
    if (p.seen > p.expected)
      for (size_t b : p.buckets)
        TORCH_CHECK(b >= sent, "the gradient of parameter ", i, " was added to after it had been sent: ",
                    "a model whose graph differs from batch to batch has to compute its gradients itself (Backward)");
    if (p.seen != p.expected)
      return;
    for (size_t b : p.buckets)
      buckets[b].missing--;
    while (sent < buckets.size() && buckets[sent].missing == 0)
      send();
  }

  // send_rest returns how many buckets were sent before.
  int send_rest() {
    std::lock_guard lock(mutex);
    int early = watching ? sent : 0;
    if (!watching)
      sent = 0;
    if (watching && !learned)
      learn();
    watching = false;
    while (sent < buckets.size())
      send();
    return early;
  }

  bool wait(std::chrono::milliseconds timeout) {
    for (Bucket &b : buckets) {
      if (b.work && !b.work->wait(timeout))
        return false;
      b.work.reset();
    }
    return true;
  }

  std::vector<std::shared_ptr<Node>> accumulators; // which autograd itself holds only while there is a graph

private:
  void send() {
    Bucket &b = buckets[sent++];
    b.work = std::make_unique<Work>(all_reduce(group, b.gradients));
  }

  void learn() {
    learned = true;
    for (Parameter &p : parameters) {
      p.expected = p.seen;
      for (size_t b : p.buckets)
        buckets[b].parameters += p.expected > 0;
    }
  }

  Group group;
  std::mutex mutex; // autograd's threads are others on a GPU
  std::vector<Bucket> buckets;
  std::vector<Parameter> parameters;
  size_t sent = 0;
  bool watching = false, learned = false;
};

// Hook is on the node that ends a parameter's part of the graph. The engine runs it when all uses of the parameter have had their
// backward pass, even where these have put the gradient into its memory themselves and hand nothing on.
struct Hook : torch::autograd::FunctionPostHook {
  Hook(std::weak_ptr<Reducer> reducer, size_t parameter) : reducer(reducer), parameter(parameter) {}
  variable_list operator()(const variable_list &outputs, const variable_list &) override {
    if (auto r = reducer.lock())
      r->handed_on(parameter);
    return outputs;
  }
  std::weak_ptr<Reducer> reducer;
  size_t parameter;
};

using Shared = std::shared_ptr<Reducer>;

Shared &reducer_of(dist_reducer r) { return *static_cast<Shared *>(r); }

} // namespace
} // namespace dist

using namespace dist;

char *dist_reducer_new(dist_reducer *out, dist_group group, dist_tensor flat, dist_tensor *parameters, int n, const dist_stretch *buckets, int m) {
  return guarded([&] {
    std::vector<at::Tensor> leaves;
    for (int i = 0; i < n; i++)
      leaves.push_back(of(parameters[i]));
    auto reducer = std::make_shared<Reducer>(group_of(group), of(flat), leaves, std::vector(buckets, buckets + m));
    for (size_t i = 0; i < leaves.size(); i++) {
      auto node = torch::autograd::impl::grad_accumulator(leaves[i]);
      node->add_post_hook(std::make_unique<Hook>(reducer, i));
      reducer->accumulators.push_back(node);
    }
    *out = new Shared(reducer);
  });
}

void dist_reducer_free(dist_reducer reducer) { delete &reducer_of(reducer); }

char *dist_reducer_watch(dist_reducer reducer) {
  return guarded([&] { reducer_of(reducer)->watch(); });
}

char *dist_reducer_send(dist_reducer reducer, int *early) {
  return guarded([&] { *early = reducer_of(reducer)->send_rest(); });
}

char *dist_reducer_wait(dist_reducer reducer, int64_t timeout_ms, int *done) {
  return guarded([&] { *done = reducer_of(reducer)->wait(std::chrono::milliseconds(timeout_ms)); });
}
