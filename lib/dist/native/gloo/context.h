// See algorithm.h.
#pragma once
namespace gloo {
class Context;
}
