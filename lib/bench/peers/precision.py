"""The two precisions of the peers, by name: fp32 as it is, bf16 by autocast."""
import contextlib

import torch


def cast(name):
    return {"fp32": contextlib.nullcontext, "bf16": lambda: torch.autocast("cpu", torch.bfloat16)}[name]()
