// Ours, in place of gloo's headers, which libtorch's package leaves out although its library holds gloo: as much of the names as
// c10d/ProcessGroupGloo.hpp mentions. Nothing here is sized or made by us, but for rendezvous::Store.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>
