"""Prints, for each process, the examples that accelerate 1.4 gives it: shard.py EXAMPLES BATCH PROCESSES."""
import json
import sys

from accelerate.data_loader import BatchSamplerShard
from torch.utils.data import BatchSampler, SequentialSampler

examples, batch, processes = map(int, sys.argv[1:])
sampler = BatchSampler(SequentialSampler(range(examples)), batch, drop_last=False)
print(json.dumps([sum(BatchSamplerShard(sampler, processes, rank), []) for rank in range(processes)]))
