// A linear layer whose weight gradient is added where the optimizer reads it.

#include "columns.h"
#include "operation.h"

namespace {

struct Linear : Function<Linear> {
  static Tensor forward(AutogradContext *ctx, const Tensor &x, const Tensor &w, const Optional &b) {
    Tensor from = x.contiguous(), y = at::empty(with_width(x, w.size(0)), x.options().dtype(compute(x)));
    forward_product(y, from, w, b ? b->data_ptr<float>() : nullptr, half(y));
    ctx->save_for_backward({from, w, b.value_or(Tensor())});
    return y;
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &w = saved[1], &b = saved[2];
    Tensor dy = gradients[0].contiguous(), dx;
    bool in_half = half(dy);
    Gradient dw(w), db(b);
    if (dw.wanted())
      weight_gradient(dw.data(), dy, x, in_half);
    if (db.wanted())
      add_columns(db.data(), dy);
    if (ctx->needs_input_grad(0)) {
      dx = at::empty(x.sizes(), x.options());
      input_gradient(into(dx), dy, w, in_half);
    }
    return {dx, dw.for_autograd(), db.for_autograd()};
  }
};

} // namespace

char *pl_linear(pl_tensor *out, pl_tensor x, pl_tensor w, pl_tensor b) {
  return guarded([&] {
    check(of(x), "the input");
    TORCH_CHECK(of(w).dim() == 2 && of(x).dim() >= 1, "a weight of two dimensions and an input of one at least are wanted");
    TORCH_CHECK(of(x).size(-1) == of(w).size(1), "the input's rows have ", of(x).size(-1), " elements, the weight's ", of(w).size(1));
    check_parameter(of(w).contiguous(), of(w).sizes(), "the weight");
    if (b)
      check_parameter(of(b), {of(w).size(0)}, "the bias");
    // Copying a weight into panels pays from some rows on.
    if (rows(of(x)) < 16)
      *out = handle(at::linear(of(x), of(w), optional(b)));
    else
      *out = handle(Linear::apply(of(x), of(w).contiguous(), optional(b)));
  });
}
