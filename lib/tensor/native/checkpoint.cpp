#include "checkpoint.h"
#include "guarded.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdlib>
#include <memory>
#include <vector>

extern "C" {
// Go's half (checkpoint.go): records the computation from these inputs; the results are the caller's to delete.
char *plRecompute(uintptr_t segment, pl_tensor *inputs, int64_t input_count, pl_tensor *results, int64_t count);
void plReleaseSegment(uintptr_t segment);
}

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// Segment is a computation that Go keeps.
struct Segment : torch::CustomClassHolder {
  uintptr_t number;

  explicit Segment(uintptr_t number) : number(number) {}
  ~Segment() override { plReleaseSegment(number); }

  variable_list compute(variable_list &inputs, size_t count) const {
    std::vector<pl_tensor> from, to(count);
    for (Tensor &t : inputs)
      from.push_back(&t);
    if (std::unique_ptr<char, void (*)(void *)> error{plRecompute(number, from.data(), int64_t(from.size()), to.data(), int64_t(count)), std::free})
      TORCH_CHECK(false, error.get());
    variable_list results;
    for (pl_tensor t : to)
      results.push_back(*std::unique_ptr<Tensor>(static_cast<Tensor *>(t)));
    return results;
  }
};

// Computed hides tensors from autograd, which takes those that it sees for inputs.
struct Computed {
  variable_list tensors;
};

struct Checkpoint : Function<Checkpoint> {
  static variable_list forward(AutogradContext *ctx, at::TensorList inputs, const Computed &computed, c10::intrusive_ptr<torch::CustomClassHolder> segment) {
    ctx->save_for_backward(inputs.vec());
    ctx->saved_data["segment"] = c10::IValue::make_capsule(std::move(segment));
    return computed.tensors;
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    variable_list leaves;
    for (const Tensor &t : ctx->get_saved_variables())
      leaves.push_back(t.detach().requires_grad_(t.requires_grad()));
    auto segment = ctx->saved_data["segment"].toCapsule();
    variable_list results = static_cast<const Segment &>(*segment).compute(leaves, gradients.size()), roots, of_roots;
    for (size_t i = 0; i < results.size(); i++)
      if (gradients[i].defined() && results[i].requires_grad()) {
        roots.push_back(results[i]);
        of_roots.push_back(gradients[i]);
      }
    torch::autograd::backward(roots, of_roots);
    variable_list of_inputs;
    for (const Tensor &t : leaves)
      of_inputs.push_back(t.requires_grad() ? t.grad() : Tensor());
    of_inputs.resize(of_inputs.size() + 2); // of what are no tensors
    return of_inputs;
  }
};

} // namespace

char *pl_checkpoint(pl_tensor *results, const pl_tensor *computed, int64_t count, const pl_tensor *inputs, int64_t input_count, uintptr_t segment) {
  return guarded([&] {
    // Autocast may have kept weights in another type, as constants.
    at::autocast::clear_cache();
    c10::intrusive_ptr<torch::CustomClassHolder> held = c10::make_intrusive<Segment>(segment);
    Computed all;
    for (int64_t i = 0; i < count; i++)
      all.tensors.push_back(of(computed[i]));
    variable_list from;
    for (int64_t i = 0; i < input_count; i++)
      from.push_back(of(inputs[i]));
    variable_list to = Checkpoint::apply(at::TensorList(from), all, held);
    for (int64_t i = 0; i < count; i++)
      results[i] = new Tensor(to[i]);
  });
}
