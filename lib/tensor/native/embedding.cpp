// Rows of a table, and dropout by itself.

#include "dropout.h"
#include "operation.h"

namespace {

struct Embedding : Function<Embedding> {
  static Tensor forward(AutogradContext *ctx, const Tensor &w, const Tensor &ids) {
    ctx->save_for_backward({w, ids});
    return at::embedding(w, ids);
  }

  // backward adds each row to the table's gradient. Threads share the columns, so that every sum has one order.
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const Tensor &w = saved[0], ids = saved[1].contiguous(), dy = gradients[0].to(at::kFloat).contiguous();
    Gradient dw(w);
    if (!dw.wanted())
      return {Tensor(), Tensor()};
    int64_t width = w.size(1), n = ids.numel();
    const int64_t *id = ids.data_ptr<int64_t>();
    const float *from = dy.data_ptr<float>();
    float *to = dw.data();
    parallel::ranges(width, 16, [&](int64_t begin, int64_t end) {
      for (int64_t i = 0; i < n; i++)
        for (int64_t j = begin; j < end; j++)
          to[id[i] * width + j] += from[i * width + j];
    });
    return {dw.for_autograd(), Tensor()};
  }
};

template <class T> AVX512 void drop_rows(T *to, const T *from, int64_t begin, int64_t end, int64_t width, Dropout dropout) {
  for (int64_t i = begin; i < end; i++) {
    DropoutRow drop(dropout, i);
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      store(to + i * width + j, drop.apply(load(from + i * width + j, m), j), m);
    }
  }
}

Tensor drop(const Tensor &x, Dropout dropout) {
  Tensor y = at::empty(x.sizes(), x.options());
  typed(x, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    parallel::ranges(rows(x), 16, [&](int64_t begin, int64_t end) { drop_rows(data<T>(y), data<T>(x), begin, end, x.size(-1), dropout); });
  });
  return y;
}

struct Drop : Function<Drop> {
  static Tensor forward(AutogradContext *ctx, const Tensor &x, double p) {
    Dropout dropout = Dropout::draw(p);
    ctx->saved_data["p"] = p;
    ctx->saved_data["seed"] = int64_t(dropout.seed);
    return drop(x.contiguous(), dropout);
  }
  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    Dropout dropout{ctx->saved_data["p"].toDouble(), uint64_t(ctx->saved_data["seed"].toInt())};
    return {drop(gradients[0].contiguous(), dropout), Tensor()};
  }
};

} // namespace

char *pl_embedding(pl_tensor *out, pl_tensor w, pl_tensor ids) {
  return guarded([&] {
    TORCH_CHECK(of(w).dim() == 2, "a table of two dimensions is wanted, not ", of(w).sizes());
    check_parameter(of(w).contiguous(), of(w).sizes(), "the table");
    TORCH_CHECK(of(ids).is_cpu() && of(ids).scalar_type() == at::kLong, "ids are not int64 on the CPU");
    *out = handle(Embedding::apply(of(w), of(ids)));
  });
}

char *pl_dropout(pl_tensor *out, pl_tensor x, double p) {
  return guarded([&] {
    check(of(x), "the input");
    TORCH_CHECK(of(x).dim() > 0 && of(x).numel() > 0, "dropout wants a tensor with rows");
    *out = handle(Drop::apply(of(x), p));
  });
}
