// Sixteen floats at a time, with AVX-512: loads and stores of float32 and bfloat16, and the functions that models need. What uses them may only
// run where pl_kernels says that the processor has it; the rest of the program is compiled for any x86-64.
#pragma once

#include <c10/util/BFloat16.h>

#include <immintrin.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>

// AVX512 lets one function use it, INLINE512 one that is to disappear in its caller.
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma")))
#define INLINE512 AVX512 inline __attribute__((always_inline))

// Between these two all functions may, those without a name as well. What such a file includes, the standard library above all, comes
// before: that stays for every machine.
#define PL_AVX512_BEGIN \
  _Pragma("GCC push_options") _Pragma("GCC target(\"avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma\")")
#define PL_AVX512_END _Pragma("GCC pop_options")

PL_AVX512_BEGIN

namespace lanes {

using Lanes = __m512;
using Half = c10::BFloat16;

constexpr int64_t width = 16;

// first masks the first n lanes, all of them from 16 on.
INLINE512 __mmask16 first(int64_t n) { return n >= width ? 0xffff : n <= 0 ? 0 : __mmask16((1u << n) - 1); }

INLINE512 Lanes widen(__m256i x) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16)); }

INLINE512 Lanes load(const float *p, __mmask16 k = 0xffff) { return _mm512_maskz_loadu_ps(k, p); }
INLINE512 Lanes load(const Half *p, __mmask16 k = 0xffff) { return widen(_mm256_maskz_loadu_epi16(k, p)); }
INLINE512 void store(float *p, Lanes v, __mmask16 k = 0xffff) { _mm512_mask_storeu_ps(p, k, v); }
INLINE512 void store(Half *p, Lanes v, __mmask16 k = 0xffff) { _mm256_mask_storeu_epi16(p, k, __m256i(_mm512_cvtneps_pbh(v))); }

// each calls then(offset, mask) for every sixteen of n values.
template <class Then> void each(int64_t n, Then then) {
  for (int64_t j = 0; j < n; j += width)
    then(j, first(n - j));
}

INLINE512 Lanes all(float v) { return _mm512_set1_ps(v); }
INLINE512 float sum(Lanes v) { return _mm512_reduce_add_ps(v); }

// exp is Cephes' expf: the argument less the nearest multiple of ln 2, in two parts, the first of which is exact; a polynomial of degree 6
// of the rest. It is within 2 units of the last place for x below 88; everything below -104 gives 0.
INLINE512 Lanes exp(Lanes x) {
  x = _mm512_max_ps(_mm512_min_ps(x, all(88.7f)), all(-105.f));
  Lanes n = _mm512_roundscale_ps(_mm512_mul_ps(x, all(1.44269504f)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  Lanes r = _mm512_fnmadd_ps(n, all(-2.12194440e-4f), _mm512_fnmadd_ps(n, all(0.693359375f), x));
  Lanes p = all(1.9875691500e-4f);
  for (float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f})
    p = _mm512_fmadd_ps(p, r, all(c));
  p = _mm512_fmadd_ps(_mm512_mul_ps(p, r), r, _mm512_add_ps(r, all(1)));
  return _mm512_scalef_ps(p, n);
}

// gelu_tanh is x times the logistic function of 2 sqrt(2/pi) (x + 0.044715 x^3), which is GELU's tanh form.
INLINE512 Lanes gelu_tanh(Lanes x) {
  Lanes inner = _mm512_fmadd_ps(_mm512_mul_ps(x, x), all(-2 * 0.79788456f * 0.044715f), all(-2 * 0.79788456f));
  return _mm512_div_ps(x, _mm512_add_ps(all(1), exp(_mm512_mul_ps(x, inner))));
}

// gelu is x times the normal distribution's integral, by Abramowitz and Stegun's 7.1.26 (error below 1.5e-7).
INLINE512 Lanes gelu(Lanes x) {
  Lanes z = _mm512_mul_ps(_mm512_abs_ps(x), all(0.70710678f));
  Lanes t = _mm512_div_ps(all(1), _mm512_fmadd_ps(z, all(0.3275911f), all(1)));
  Lanes p = all(1.061405429f);
  for (float c : {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f})
    p = _mm512_fmadd_ps(p, t, all(c));
  Lanes tail = _mm512_mul_ps(_mm512_mul_ps(p, t), exp(_mm512_sub_ps(all(0), _mm512_mul_ps(z, z)))); // 1 - erf(z)
  Lanes twice = _mm512_mask_sub_ps(tail, _mm512_cmp_ps_mask(x, all(0), _CMP_GE_OQ), all(2), tail);
  return _mm512_mul_ps(_mm512_mul_ps(x, all(0.5f)), twice);
}

// softmax overwrites n scores by exp(score - greatest) as T, in place where T is float, and returns their sum.
template <class T> float softmax(const float *scores, T *out, int64_t n) {
  Lanes most = all(-INFINITY);
  each(n, [&](int64_t j, __mmask16 k) { most = _mm512_mask_max_ps(most, k, most, load(scores + j, k)); });
  Lanes greatest = all(_mm512_reduce_max_ps(most)), total = all(0);
  each(n, [&](int64_t j, __mmask16 k) {
    Lanes e = exp(_mm512_sub_ps(load(scores + j, k), greatest));
    store(out + j, e, k);
    total = _mm512_mask_add_ps(total, k, total, e);
  });
  return sum(total);
}

} // namespace lanes

PL_AVX512_END
