"""Writes adamw.json: what PyTorch computes in 20 steps of AdamW with clipping and a linear schedule with warm-up.

torch==2.15.0 transformers==4.49.0
"""
import json
import pathlib

import torch
from transformers import get_linear_schedule_with_warmup

torch.manual_seed(7)
weight, bias = torch.nn.Parameter(torch.randn(3, 4)), torch.nn.Parameter(torch.randn(3))
start = {"weight": weight.detach().flatten().tolist(), "bias": bias.detach().tolist()}
optimizer = torch.optim.AdamW([{"params": [weight], "weight_decay": 0.1}, {"params": [bias], "weight_decay": 0.0}], lr=0.02)
schedule = get_linear_schedule_with_warmup(optimizer, 5, 18)
steps = []
for _ in range(20):
    weight.grad, bias.grad = torch.randn(3, 4), torch.randn(3) * 3
    gradients = {"weight": weight.grad.flatten().tolist(), "bias": bias.grad.tolist()}
    norm = torch.nn.utils.clip_grad_norm_([weight, bias], 4.0).item()
    rate = optimizer.param_groups[0]["lr"]
    optimizer.step()
    schedule.step()
    steps.append({"gradients": gradients, "norm": norm, "rate": rate,
                  "weight": weight.detach().flatten().tolist(), "bias": bias.detach().tolist()})
golden = {"start": start, "steps": steps}
(pathlib.Path(__file__).parent / "adamw.json").write_text(json.dumps(golden, indent=None) + "\n")
