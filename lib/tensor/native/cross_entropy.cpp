// The output layer with its loss. Scores of all tokens for the whole vocabulary would be the largest tensor of a training by
// far: they are computed for some rows at a time, and those of the last rows alone are kept for the backward pass, which computes
// the others again.

#include "operation.h"
#include "simd.h"

#include <cmath>
#include <limits>
#include <vector>

namespace {

using lanes::first;
using lanes::load;
using lanes::store;

constexpr int64_t chunk = 256; // rows at a time: enough for matrix products at full speed

// Target is what a row's softmax is to be: a share even for each token, and the rest for the label.
struct Target {
  double even, rest;

  Target(double smoothing, int64_t vocabulary) : even(smoothing / vocabulary), rest(1 - smoothing) {}
};

AVX512 float sum_of(const float *s, int64_t n) {
  __m512 sum = _mm512_setzero_ps();
  for (int64_t j = 0; j < n; j += lanes::width)
    sum = _mm512_add_ps(sum, load(s + j, first(n - j)));
  return _mm512_reduce_add_ps(sum);
}

// log_sum_exp of n scores.
AVX512 float log_sum_exp(const float *s, int64_t n) {
  const __m512 lowest = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
  __m512 most = lowest, sum = _mm512_setzero_ps();
  for (int64_t j = 0; j < n; j += lanes::width) {
    __mmask16 m = first(n - j);
    most = _mm512_max_ps(most, _mm512_mask_mov_ps(lowest, m, load(s + j, m)));
  }
  float max = _mm512_reduce_max_ps(most);
  for (int64_t j = 0; j < n; j += lanes::width) {
    __mmask16 m = first(n - j);
    sum = _mm512_add_ps(sum, _mm512_maskz_mov_ps(m, lanes::exp(_mm512_sub_ps(load(s + j, m), _mm512_set1_ps(max)))));
  }
  return max + std::log(_mm512_reduce_add_ps(sum));
}

// loss of n scores, whose log_sum_exp is known.
double loss(const float *s, int64_t n, float log_sum, int64_t label, Target target) {
  return double(log_sum) - target.rest * s[label] - (target.even > 0 ? target.even * sum_of(s, n) : 0);
}

// slope turns n scores into the gradients of their row's loss: softmax less the target.
template <class T> AVX512 void slope(T *to, const float *s, int64_t n, float log_sum, int64_t label, Target target) {
  float at_label = float(std::exp(s[label] - log_sum) - target.even - target.rest);
  const __m512 even = _mm512_set1_ps(float(target.even));
  for (int64_t j = 0; j < n; j += lanes::width) {
    __mmask16 m = first(n - j);
    store(to + j, _mm512_sub_ps(lanes::exp(_mm512_sub_ps(load(s + j, m), _mm512_set1_ps(log_sum))), even), m);
  }
  to[label] = T(at_label);
}

// Rows are those whose labels count.
struct Rows {
  Tensor h;                 // [n, width]
  Tensor index;             // their numbers where some are left out, else undefined
  std::vector<int64_t> labels;

  Rows(const Tensor &all, const Tensor &labels_of_all, int64_t ignored, int64_t vocabulary) {
    Tensor flat = labels_of_all.contiguous();
    const int64_t *label = flat.data_ptr<int64_t>();
    std::vector<int64_t> kept;
    for (int64_t i = 0; i < flat.numel(); i++) {
      if (label[i] == ignored)
        continue;
      TORCH_CHECK(label[i] >= 0 && label[i] < vocabulary, "label ", label[i], " is not in a vocabulary of ", vocabulary);
      kept.push_back(i);
      labels.push_back(label[i]);
    }
    h = all.reshape({-1, all.size(-1)});
    if (int64_t(kept.size()) < flat.numel()) {
      index = at::tensor(kept, at::kLong);
      h = h.index_select(0, index);
    }
    h = h.contiguous();
  }
  int64_t size() const { return labels.size(); }
};

// scores returns the rows' scores from one on, at most a chunk, in float32.
Tensor scores(const Tensor &h, const Tensor &w, int64_t from, bool in_half) {
  Tensor part = h.narrow(0, from, std::min(chunk, h.size(0) - from));
  Tensor s = at::empty({part.size(0), w.size(0)}, part.options().dtype(at::kFloat));
  forward_product(s, part, w, nullptr, in_half);
  return s;
}

// slopes turns scores into their gradients, in the type of the products that they go into: in place where that is float32.
Tensor slopes(const Tensor &s, const float *log_sums, const int64_t *labels, Target target, bool in_half) {
  Tensor to = in_half ? at::empty(s.sizes(), s.options().dtype(at::kBFloat16)) : s;
  int64_t n = s.size(1);
  typed(to, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    parallel::ranges(s.size(0), 1, [&](int64_t i, int64_t end) {
      for (; i < end; i++)
        slope(data<T>(to) + i * n, data<float>(s) + i * n, n, log_sums[i], labels[i], target);
    });
  });
  return to;
}

struct LinearCrossEntropy : Function<LinearCrossEntropy> {
  static Tensor forward(AutogradContext *ctx, const Tensor &h, const Tensor &w, const Tensor &labels, int64_t ignored, double smoothing,
                        bool backward_follows) {
    bool in_half = compute(h) == at::kBFloat16;
    Rows rows(h, labels, ignored, w.size(0));
    int64_t n = rows.size(), vocabulary = w.size(0);
    Tensor log_sums = at::empty({n}, w.options().requires_grad(false)), last;
    std::vector<double> losses(n);
    Target target(smoothing, vocabulary);
    float *log_sum = log_sums.data_ptr<float>();
    for (int64_t from = 0; from < n; from += chunk) {
      Tensor s = scores(rows.h, w, from, in_half);
      const float *score = s.data_ptr<float>();
      parallel::ranges(s.size(0), 1, [&](int64_t i, int64_t end) {
        for (; i < end; i++) {
          const float *row = score + i * vocabulary;
          log_sum[from + i] = log_sum_exp(row, vocabulary);
          losses[from + i] = loss(row, vocabulary, log_sum[from + i], rows.labels[from + i], target);
        }
      });
      if (backward_follows && from + chunk >= n)
        last = slopes(s, log_sum + from, rows.labels.data() + from, target, in_half);
    }
    double sum = 0;
    for (double row : losses)
      sum += row;
    ctx->save_for_backward({h, w, labels, log_sums, last});
    ctx->saved_data["ignored"] = ignored;
    ctx->saved_data["smoothing"] = smoothing;
    ctx->saved_data["half"] = in_half;
    return at::scalar_tensor(sum / n, log_sums.options());
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const Tensor &h = saved[0], &w = saved[1], &labels = saved[2], &log_sums = saved[3], &last = saved[4];
    bool in_half = ctx->saved_data["half"].toBool();
    Rows rows(h, labels, ctx->saved_data["ignored"].toInt(), w.size(0));
    int64_t n = rows.size();
    Target target(ctx->saved_data["smoothing"].toDouble(), w.size(0));
    Gradient dw(w);
    Tensor dh = at::empty_like(rows.h);
    double scale = n ? gradients[0].item().toDouble() / n : 0;
    Tensor scaled = rows.h.mul(scale);
    for (int64_t from = 0; from < n; from += chunk) {
      int64_t count = std::min(chunk, n - from);
      Tensor slope = last;
      if (from + chunk < n)
        slope = slopes(scores(rows.h, w, from, in_half), log_sums.data_ptr<float>() + from, rows.labels.data() + from, target, in_half);
      input_gradient(into(dh.narrow(0, from, count)), slope, w, in_half);
      if (dw.wanted())
        weight_gradient(dw.data(), slope, scaled.narrow(0, from, count), in_half);
    }
    dh.mul_(scale);
    if (rows.index.defined())
      dh = at::zeros({h.numel() / h.size(-1), h.size(-1)}, h.options()).index_copy_(0, rows.index, dh);
    return {dh.view(h.sizes()), dw.for_autograd(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

} // namespace

char *pl_linear_cross_entropy(pl_tensor *out, pl_tensor h, pl_tensor w, pl_tensor labels, int64_t ignored, double smoothing) {
  return guarded([&] {
    check(of(h), "the input");
    TORCH_CHECK(of(w).dim() == 2 && of(h).dim() >= 1 && of(h).numel() > 0, "a weight of two dimensions and an input with rows are wanted");
    check_parameter(of(w), {of(w).size(0), of(h).size(-1)}, "the weight");
    TORCH_CHECK(of(labels).is_cpu() && of(labels).scalar_type() == at::kLong && of(labels).numel() == rows(of(h)), "labels are not int64 on the CPU, one for each of ",
                rows(of(h)), " rows");
    bool backward = c10::GradMode::is_enabled() && (of(h).requires_grad() || of(w).requires_grad());
    *out = handle(LinearCrossEntropy::apply(of(h), of(w), of(labels), ignored, smoothing, backward));
  });
}
