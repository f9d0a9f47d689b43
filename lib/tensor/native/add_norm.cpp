// Residual, dropout and normalisation in one pass each way: RMS norm as T5 has it (Zhang and Sennrich 2019), or layer norm as BERT
// has it (Ba et al. 2016).

#include "columns.h"
#include "dropout.h"
#include "operation.h"

namespace {

// Rows are what one thread works on; y may be null, b null means RMS norm.
template <class Y, class N> struct Forward {
  const float *x;
  const Y *y;
  const float *w, *b;
  float *sum;        // null where there is no y
  N *normed;
  float *statistics; // of each row: mean, inverse root of the variance
  int64_t width;
  float eps;
  Dropout dropout;

  AVX512 void row(int64_t i) const {
    DropoutRow drop(dropout, i);
    const float *from = x + i * width;
    __m512 total = _mm512_setzero_ps();
    if (y) {
      for (int64_t j = 0; j < width; j += lanes::width) {
        __mmask16 m = first(width - j);
        __m512 v = _mm512_add_ps(load(from + j, m), drop.apply(load(y + i * width + j, m), j));
        store(sum + i * width + j, v, m);
        total = _mm512_add_ps(total, _mm512_maskz_mov_ps(m, v));
      }
      from = sum + i * width;
    } else if (b) {
      for (int64_t j = 0; j < width; j += lanes::width)
        total = _mm512_add_ps(total, load(from + j, first(width - j)));
    }
    float mean = b ? _mm512_reduce_add_ps(total) / width : 0;
    __m512 center = _mm512_set1_ps(mean), squares = _mm512_setzero_ps();
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      __m512 v = _mm512_maskz_sub_ps(m, load(from + j, m), center);
      squares = _mm512_fmadd_ps(v, v, squares);
    }
    float scale = 1 / std::sqrt(_mm512_reduce_add_ps(squares) / width + eps);
    statistics[2 * i] = mean;
    statistics[2 * i + 1] = scale;
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      __m512 v = _mm512_mul_ps(_mm512_sub_ps(load(from + j, m), center), _mm512_set1_ps(scale));
      v = _mm512_mul_ps(v, load(w + j, m));
      store(normed + i * width + j, b ? _mm512_add_ps(v, load(b + j, m)) : v, m);
    }
  }
};

template <class Y, class N> struct Backward {
  const float *sum, *w, *statistics;
  const float *dsum; // null where the sum was not used
  const N *dnormed;
  float *dx;
  Y *dy; // null where there is no y
  int64_t width;
  bool centered;
  Dropout dropout;

  AVX512 void row(int64_t i, float *dw, float *db) const {
    DropoutRow drop(dropout, i);
    __m512 mean = _mm512_set1_ps(statistics[2 * i]), scale = _mm512_set1_ps(statistics[2 * i + 1]);
    __m512 along = _mm512_setzero_ps(), total = _mm512_setzero_ps();
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      __m512 d = load(dnormed + i * width + j, m), g = _mm512_mul_ps(d, load(w + j, m));
      __m512 unit = _mm512_maskz_mul_ps(m, _mm512_sub_ps(load(sum + i * width + j, m), mean), scale);
      along = _mm512_fmadd_ps(g, unit, along);
      total = _mm512_add_ps(total, g);
      if (dw)
        store(dw + j, _mm512_fmadd_ps(d, unit, load(dw + j, m)), m);
      if (db)
        store(db + j, _mm512_add_ps(d, load(db + j, m)), m);
    }
    __m512 back = _mm512_set1_ps(_mm512_reduce_add_ps(along) / width);
    __m512 shift = _mm512_set1_ps(centered ? _mm512_reduce_add_ps(total) / width : 0);
    for (int64_t j = 0; j < width; j += lanes::width) {
      __mmask16 m = first(width - j);
      __m512 g = _mm512_mul_ps(load(dnormed + i * width + j, m), load(w + j, m));
      __m512 unit = _mm512_mul_ps(_mm512_sub_ps(load(sum + i * width + j, m), mean), scale);
      __m512 v = _mm512_mul_ps(_mm512_sub_ps(_mm512_fnmadd_ps(unit, back, g), shift), scale);
      if (dsum)
        v = _mm512_add_ps(v, load(dsum + i * width + j, m));
      store(dx + i * width + j, v, m);
      if (dy)
        store(dy + i * width + j, drop.apply(v, j), m);
    }
  }
};

constexpr int64_t grain = 16; // rows that are worth a thread

// pair calls body with null pointers of the types of elements of two tensors.
template <class F> void pair(const Tensor &a, const Tensor &b, F body) {
  typed(a, [&](auto *first) { typed(b, [&](auto *second) { body(first, second); }); });
}

struct AddNorm : Function<AddNorm> {
  // forward returns the sum, where there is a y, and the normed sum.
  static variable_list forward(AutogradContext *ctx, const Tensor &x, const Optional &y, const Tensor &w, const Optional &b, double p, double eps) {
    Tensor from = x.contiguous(), add = y ? y->contiguous() : Tensor(), sum = y ? at::empty(x.sizes(), x.options()) : from;
    // What follows an RMS norm is a matrix product; what follows a layer norm is the residual stream too.
    Tensor normed = at::empty(x.sizes(), x.options().dtype(b ? at::kFloat : compute(x)));
    Tensor statistics = at::empty({rows(x), 2}, x.options());
    Dropout dropout = Dropout::draw(y ? p : 0);
    pair(y ? add : normed, normed, [&](auto *first, auto *second) {
      using Y = std::remove_pointer_t<decltype(first)>;
      using N = std::remove_pointer_t<decltype(second)>;
      Forward<Y, N> f{data<float>(from), data<Y>(add), data<float>(w), b ? data<float>(*b) : nullptr, y ? data<float>(sum) : nullptr,
                      data<N>(normed), data<float>(statistics), x.size(-1), float(eps), dropout};
      parallel::ranges(rows(x), grain, [&](int64_t i, int64_t end) {
        for (; i < end; i++)
          f.row(i);
      });
    });
    ctx->save_for_backward({sum, statistics, w, b.value_or(Tensor())});
    ctx->saved_data["p"] = dropout.p;
    ctx->saved_data["seed"] = int64_t(dropout.seed);
    ctx->saved_data["half"] = y && half(add);
    if (!y)
      return {normed};
    return {sum, normed};
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const Tensor &sum = saved[0], &statistics = saved[1], &w = saved[2], &b = saved[3];
    bool added = gradients.size() == 2;
    Tensor dsum = added ? gradients[0] : Tensor(), dnormed = gradients.back();
    if (dsum.defined())
      dsum = dsum.contiguous();
    dnormed = dnormed.defined() ? dnormed.contiguous() : at::zeros_like(sum);
    Tensor dx = at::empty(sum.sizes(), sum.options()), dy;
    if (added)
      dy = at::empty(sum.sizes(), sum.options().dtype(ctx->saved_data["half"].toBool() ? at::kBFloat16 : at::kFloat));
    int64_t width = sum.size(-1);
    Gradient dw(w), db(b);
    Columns weights(width), biases(width);
    Dropout dropout{ctx->saved_data["p"].toDouble(), uint64_t(ctx->saved_data["seed"].toInt())};
    pair(added ? dy : dx, dnormed, [&](auto *first, auto *second) {
      using Y = std::remove_pointer_t<decltype(first)>;
      using N = std::remove_pointer_t<decltype(second)>;
      Backward<Y, N> f{data<float>(sum), data<float>(w), data<float>(statistics), data<float>(dsum), data<N>(dnormed),
                       data<float>(dx), data<Y>(dy), width, b.defined(), dropout};
      Columns::each_piece(rows(sum), [&](int64_t piece, int64_t i, int64_t end) {
        for (; i < end; i++)
          f.row(i, dw.wanted() ? weights.piece(piece) : nullptr, db.wanted() ? biases.piece(piece) : nullptr);
      });
    });
    if (dw.wanted())
      weights.add_to(dw.data());
    if (db.wanted())
      biases.add_to(db.data());
    return {dx, dy, dw.for_autograd(), db.for_autograd(), Tensor(), Tensor()};
  }
};

} // namespace

char *pl_add_norm(pl_tensor *sum, pl_tensor *normed, pl_tensor x, pl_tensor y, pl_tensor w, pl_tensor b, double p, double eps) {
  return guarded([&] {
    TORCH_CHECK(of(x).is_cpu() && of(x).scalar_type() == at::kFloat && of(x).dim() > 0, "the residual stream is not a float32 tensor on the CPU");
    if (y) {
      check(of(y), "the summand");
      TORCH_CHECK(of(x).sizes() == of(y).sizes(), "the summands have shapes ", of(x).sizes(), " and ", of(y).sizes());
    }
    check_parameter(of(w), {of(x).size(-1)}, "the norm's weight");
    if (b)
      check_parameter(of(b), {of(x).size(-1)}, "the norm's bias");
    auto out = AddNorm::apply(of(x), optional(y), of(w), optional(b), p, eps);
    if (y)
      *sum = handle(out[0]);
    *normed = handle(out.back());
  });
}
