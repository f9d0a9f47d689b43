// Memory of large tensors on the CPU, kept when it is freed. A training step allocates the same sizes over and over; from the system
// each time anew they would cost a page fault every 4 kB. Pages of 2 MB, where the system has them, also spare the processor's
// address tables, which matrices overflow.

#include "native.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <iterator>
#include <list>
#include <mutex>
#include <sys/mman.h>
#include <unordered_map>

namespace {

constexpr size_t page = 4096, huge_page = 2 << 20;
constexpr size_t large = 256 << 10;      // what is smaller is the C library's
constexpr size_t few = size_t(64) << 20; // bytes that are worth keeping at any rate

size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

// size_of a block that holds n bytes: a sixteenth of it may go to waste, so that like sizes can take each other's place.
size_t size_of(size_t n) {
  size_t step = page;
  while (step * 16 < n)
    step *= 2;
  return round_up(n, step);
}

// map gets memory from the system, null where it refuses.
char *map(size_t size) {
  size_t room = size < huge_page ? size : size + huge_page;
  void *p = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED)
    return nullptr;
  char *begin = static_cast<char *>(p), *end = begin + room;
  if (size < huge_page)
    return begin;
  char *block = reinterpret_cast<char *>(round_up(reinterpret_cast<size_t>(begin), huge_page));
  if (block > begin)
    munmap(begin, block - begin);
  if (end > block + size)
    munmap(block + size, end - block - size);
  madvise(block, size, MADV_HUGEPAGE);
  return block;
}

class Blocks {
public:
  char *take(size_t n) {
    size_t size = size_of(n);
    std::lock_guard<std::mutex> lock(mutex);
    auto fit = std::find_if(kept.begin(), kept.end(), [&](const Block &b) { return b.size == size; });
    char *p;
    if (fit != kept.end()) {
      p = fit->begin;
      kept_bytes -= size;
      kept.erase(fit);
    } else {
      // All together is never much more than what was in use at one time.
      size_t room = std::max(most_used, used_bytes + size) + few - used_bytes - size;
      give_back(room);
      if (!(p = map(size))) {
        give_back(0);
        p = map(size);
      }
    }
    TORCH_CHECK(p, "can't allocate memory: ", n, " bytes were asked for");
    used[p] = size;
    used_bytes += size;
    most_used = std::max(most_used, used_bytes);
    return p;
  }

  // free keeps a block; false where it is none of these.
  bool free(void *p) {
    std::lock_guard<std::mutex> lock(mutex);
    auto block = used.find(p);
    if (block == used.end())
      return false;
    kept.push_front({static_cast<char *>(p), block->second});
    kept_bytes += block->second;
    used_bytes -= block->second;
    used.erase(block);
    give_back(std::max(few, used_bytes));
    return true;
  }

private:
  // give_back returns what has not been used for longest to the system, until no more than most is kept.
  void give_back(size_t most) {
    while (kept_bytes > most) {
      Block last = kept.back();
      kept.pop_back();
      kept_bytes -= last.size;
      munmap(last.begin, last.size);
    }
  }

  struct Block {
    char *begin;
    size_t size;
  };
  std::mutex mutex;
  std::list<Block> kept; // the last freed first
  std::unordered_map<void *, size_t> used;
  size_t kept_bytes = 0, used_bytes = 0, most_used = 0;
};

Blocks &blocks() {
  static Blocks *all = new Blocks; // tensors may be freed when the process ends
  return *all;
}

// Blocks begin on a page, which little else does.
void release(void *p) {
  if (reinterpret_cast<size_t>(p) % page || !blocks().free(p))
    c10::free_cpu(p);
}

struct Allocator final : c10::Allocator {
  c10::DataPtr allocate(size_t n) const override {
    void *p = n < large ? c10::alloc_cpu(n) : blocks().take(n);
    return {p, p, release, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return release; }
};

} // namespace

void pl_keep_memory(void) {
  static Allocator allocator;
  c10::SetCPUAllocator(&allocator, 1);
}
