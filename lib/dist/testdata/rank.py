"""A rank of torch.distributed (torch 2.15) that does what withPython of python_test.go does."""
import datetime
import os

import torch
import torch.distributed as dist

dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=60))
rank, size = dist.get_rank(), dist.get_world_size()
own = rank + 1
gathered = [torch.zeros(2, dtype=torch.int64) for _ in range(size)]
dist.all_gather(gathered, torch.tensor([rank, 7]))
sums = torch.tensor([own, 10.0 * own])
dist.all_reduce(sums)
first = torch.tensor([own, -1.0 * own])
dist.broadcast(first, 1)
large = torch.full([1 << 20], float(own))
dist.all_reduce(large)
dist.barrier()


def show(values):
    return "[" + " ".join(f"{v:g}" for v in values) + "]"


print(show(sums.tolist()), show(first.tolist()), show(torch.cat(gathered).tolist()), f"{large.mean().item():g}", flush=True)
os._exit(0)  # the ranks of the other language do not come to a farewell
