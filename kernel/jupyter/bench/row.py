"""Measures one kernel for a row of `make bench`: row.py INPUTS ready|sum paperlab|ipykernel. The seconds are those from the
kernel's start until it has computed with the libraries for tensors and for T5 loaded; or of a `1+1`, there and back, the median.
The answer is the cell's."""
import json
import statistics
import sys

from kernel import Kernel

# `import transformers` alone loads no model's code: that comes when the class is named.
LIBRARIES = {
    "paperlab": '''
import (
    "paperlab/lib/t5"
    "paperlab/lib/tensor"
)
_ = t5.Load
scope := tensor.NewScope(tensor.CPU)
ones := scope.Full(1, tensor.Float32, 1)
sum, err := scope.Add(ones, ones).Float32s()
sum[0]
''',
    "ipykernel": "import torch\nfrom transformers import T5ForConditionalGeneration\n(torch.ones(1) + torch.ones(1)).item()",
}


def result(published):
    return next(float(content["data"]["text/plain"]) for kind, content in published if kind == "execute_result")


def ready(name):
    with Kernel(name) as kernel:
        seconds, published = kernel.run(LIBRARIES[name])
        return kernel.ready + seconds, result(published)


def sums(name):
    with Kernel(name) as kernel:
        runs = [kernel.run("1+1") for _ in range(220)][20:]
        return statistics.median(seconds for seconds, _ in runs), result(runs[0][1])


_, _, what, name = sys.argv
seconds, answer = {"ready": ready, "sum": sums}[what](name)
print(json.dumps({"seconds": seconds, "answer": [answer]}))
