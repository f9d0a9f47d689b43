// Dropout without a stored mask: whether element (row, column) is kept is a hash of its place and a seed, so that the backward
// pass finds it again. The seed comes from the process's generator, so a restored generator drops the same elements.
#pragma once

#include "simd.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

namespace {

using lanes::first;
using lanes::load;
using lanes::store;

struct Dropout {
  double p = 0;
  uint64_t seed = 0;

  bool on() const { return p > 0; }

  // draw takes a seed from the generator; none where nothing is dropped.
  static Dropout draw(double p) {
    TORCH_CHECK(p >= 0 && p < 1, "dropout of ", p, " is not within [0, 1)");
    if (p == 0)
      return {};
    auto *generator = at::get_generator_or_default<at::CPUGeneratorImpl>(c10::nullopt, at::detail::getDefaultCPUGenerator());
    std::lock_guard<std::mutex> lock(generator->mutex_);
    return {p, generator->random64()};
  }
};

// DropoutRow decides for the columns of one row.
class DropoutRow {
public:
  AVX512 DropoutRow(Dropout d, int64_t row) : on(d.on()) {
    // splitmix64 (Steele et al. 2014) gives each row two keys of its own.
    uint64_t z = d.seed + uint64_t(row + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    before = _mm512_set1_epi32(int(z));
    between = _mm512_set1_epi32(int(z >> 32));
    threshold = _mm512_set1_epi32(int(uint32_t(d.p * 4294967296.0)));
    scale = _mm512_set1_ps(float(1 / (1 - d.p)));
  }

  // apply zeroes or scales the elements from a column on.
  AVX512 __m512 apply(__m512 v, int64_t column) const { return on ? _mm512_maskz_mul_ps(keep(column), v, scale) : v; }

private:
  // keep hashes the columns by two rounds of multiply and shift (Wellons' lowbias32), a key before each.
  AVX512 __mmask16 keep(int64_t column) const {
    __m512i x = _mm512_add_epi32(_mm512_set1_epi32(int(column)), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    x = _mm512_xor_si512(x, before);
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 16)), _mm512_set1_epi32(0x7feb352d));
    x = _mm512_xor_si512(x, between);
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 15)), _mm512_set1_epi32(int(0x846ca68b)));
    x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
    return _mm512_cmpge_epu32_mask(x, threshold);
  }

  bool on;
  __m512i before, between, threshold;
  __m512 scale;
};

} // namespace
