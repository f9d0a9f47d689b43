"""Prints, for each case and process, the examples that accelerate 1.4 gives it: shard.py BATCH EXAMPLES/PROCESSES..."""
import json
import sys

from accelerate.data_loader import BatchSamplerShard
from torch.utils.data import BatchSampler, SequentialSampler

batch, cases = int(sys.argv[1]), []
for case in sys.argv[2:]:
    examples, processes = map(int, case.split("/"))
    sampler = BatchSampler(SequentialSampler(range(examples)), batch, drop_last=False)
    cases.append([sum(BatchSamplerShard(sampler, processes, rank), []) for rank in range(processes)])
print(json.dumps(cases))
