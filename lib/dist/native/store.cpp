#include "store.h"

#include "_cgo_export.h"

#include <cstdlib>

namespace dist {
namespace {

// check throws the error of a function of Go's.
void check(char *error) {
  if (!error)
    return;
  std::string text = error;
  free(error);
  throw std::runtime_error(text);
}

// GoStore does what the process groups ask for; they ask for nothing else.
class GoStore : public c10d::Store {
public:
  explicit GoStore(uintptr_t handle) : handle(handle) {}

  void set(const std::string &key, const std::vector<uint8_t> &value) override {
    check(distStoreSet(handle, text(key), const_cast<uint8_t *>(value.data()), value.size()));
  }
  std::vector<uint8_t> get(const std::string &key) override {
    void *bytes = nullptr;
    size_t n = 0;
    check(distStoreGet(handle, text(key), &bytes, &n));
    auto from = static_cast<uint8_t *>(bytes);
    std::vector<uint8_t> value(from, from + n);
    free(bytes);
    return value;
  }
  void wait(const std::vector<std::string> &keys) override {
    for (const std::string &key : keys)
      check(distStoreWait(handle, text(key)));
  }
  void wait(const std::vector<std::string> &keys, const std::chrono::milliseconds &) override { wait(keys); }

  int64_t add(const std::string &, int64_t) override { TORCH_CHECK(false, "add is not asked for"); }
  bool deleteKey(const std::string &) override { TORCH_CHECK(false, "deleteKey is not asked for"); }
  bool check(const std::vector<std::string> &) override { TORCH_CHECK(false, "check is not asked for"); }
  int64_t getNumKeys() override { TORCH_CHECK(false, "getNumKeys is not asked for"); }

private:
  using c10d::Store::set;
  static char *text(const std::string &s) { return const_cast<char *>(s.c_str()); }
  static void check(char *error) { dist::check(error); }
  uintptr_t handle;
};

} // namespace

c10::intrusive_ptr<c10d::Store> go_store(uintptr_t handle) { return c10::make_intrusive<GoStore>(handle); }

} // namespace dist
