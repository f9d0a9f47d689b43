// Sixteen floats at a time. Functions marked AVX512 may only run where pl_kernels says that the processor has it; the rest of the
// program is compiled for any x86-64.
#pragma once

#include <c10/util/BFloat16.h>

#include <cstdint>
#include <immintrin.h>
#include <initializer_list>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")))
#define INLINE512 AVX512 inline __attribute__((always_inline))

namespace {

using bf16 = c10::BFloat16;

constexpr int64_t lanes = 16;

// first masks all but the first n lanes out.
INLINE512 __mmask16 first(int64_t n) { return n >= lanes ? 0xffff : __mmask16((1u << n) - 1); }

INLINE512 __m512 widen(__m256i x) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16)); }

INLINE512 __m512 load(const float *p, __mmask16 m) { return _mm512_maskz_loadu_ps(m, p); }
INLINE512 __m512 load(const bf16 *p, __mmask16 m) { return widen(_mm256_maskz_loadu_epi16(m, p)); }
INLINE512 void store(float *p, __mmask16 m, __m512 v) { _mm512_mask_storeu_ps(p, m, v); }
INLINE512 void store(bf16 *p, __mmask16 m, __m512 v) {
  _mm256_mask_storeu_epi16(p, m, __m256i(_mm512_cvtneps_pbh(v)));
}

// exponential is e^x within 2 units in the last place for x below 88; everything below -104 gives 0.
INLINE512 __m512 exponential(__m512 x) {
  x = _mm512_max_ps(_mm512_min_ps(x, _mm512_set1_ps(88.7f)), _mm512_set1_ps(-105.f));
  __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  // ln 2 in two parts, the first of which times n is exact.
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
  r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), r);
  // The polynomial of Cephes' expf.
  __m512 p = _mm512_set1_ps(1.9875691500e-4f);
  for (float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f})
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(c));
  p = _mm512_fmadd_ps(_mm512_mul_ps(p, r), r, _mm512_add_ps(r, _mm512_set1_ps(1.f)));
  return _mm512_scalef_ps(p, n);
}

} // namespace
