"""Writes what Trainer does with a two-layer perceptron:

trainer.json    60 steps, accumulation 4 with a short last group in each epoch
schedules.json  the same examples under other schedules
decisions.json  for given validation figures: when training ends, which model is best, which checkpoints stay
groups.json     orders by LengthGroupedSampler

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0 (Trainer needs accelerate, the other peers do not)
"""
import json
import pathlib
import tempfile

import torch
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
from transformers.trainer_pt_utils import get_length_grouped_indices

from in_order import InOrder

HERE = pathlib.Path(__file__).parent
EXAMPLES, VALIDATION, INPUTS, HIDDEN, OUTPUTS, EPOCHS = 43, 10, 4, 8, 2, 20
torch.manual_seed(3)
x, y = torch.randn(EXAMPLES + VALIDATION, INPUTS), torch.randn(EXAMPLES + VALIDATION, OUTPUTS)
y += torch.stack([x[:, 0] * x[:, 1] + x[:, 2], x[:, 3] - x[:, 0]], 1)
orders = [torch.randperm(EXAMPLES).tolist() for _ in range(EPOCHS)]


class Perceptron(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(INPUTS, HIDDEN), torch.nn.Linear(HIDDEN, OUTPUTS)

    def forward(self, x, labels):
        return {"loss": ((self.second(torch.tanh(self.first(x))) - labels) ** 2).mean()}


def examples(start, end):
    return [{"x": a, "labels": b} for a, b in zip(x[start:end], y[start:end])]


def values(model):
    return {name: p.detach().flatten().tolist() for name, p in model.named_parameters()}


def arguments(folder, **more):
    return TrainingArguments(folder, report_to="none", use_cpu=True, disable_tqdm=True, **{"save_strategy": "no", **more})


def train(model, **more):
    with tempfile.TemporaryDirectory() as folder:
        trainer = InOrder(orders, model, arguments(
            folder, num_train_epochs=EPOCHS, per_device_train_batch_size=3, per_device_eval_batch_size=4,
            gradient_accumulation_steps=4, learning_rate=0.02, weight_decay=0.1, max_grad_norm=0.8, **more,
        ), train_dataset=examples(0, EXAMPLES), eval_dataset=examples(EXAMPLES, EXAMPLES + VALIDATION))
        trainer.train()
    return trainer


def write(name, golden):
    (HERE / name).write_text(json.dumps(golden) + "\n")


model = Perceptron()
start = values(model)
trainer = train(model, warmup_steps=6, logging_steps=1, eval_strategy="epoch")
history = trainer.state.log_history
write("trainer.json", {
    "x": x.flatten().tolist(), "y": y.flatten().tolist(), "orders": orders, "start": start, "losses": trainer.losses,
    "used_rates": trainer.used,
    "logged": [{k: e[k] for k in ("step", "epoch", "loss", "grad_norm", "learning_rate")} for e in history if "grad_norm" in e],
    "evaluated": [{k: e[k] for k in ("step", "epoch", "eval_loss")} for e in history if "eval_loss" in e],
    "train_loss": history[-1]["train_loss"], "end": values(model),
})

schedules = []
for scheduler, steps, ratio in [("cosine", 6, 0.0), ("cosine", 0, 0.11), ("linear", 0, 0.25), ("constant", 9, 0.0),
                                ("constant_with_warmup", 7, 0.3)]:
    model = Perceptron()
    model.load_state_dict({name: torch.tensor(v).reshape(model.state_dict()[name].shape) for name, v in start.items()})
    trainer = train(model, lr_scheduler_type=scheduler, warmup_steps=steps, warmup_ratio=ratio, logging_steps=0.1,
                    eval_strategy="steps", eval_steps=7)
    schedules.append({
        "schedule": scheduler, "warmup_steps": steps, "warmup_ratio": ratio, "losses": trainer.losses, "used_rates": trainer.used,
        "logged": [e["step"] for e in trainer.state.log_history if "grad_norm" in e],
        "evaluated": [{k: e[k] for k in ("step", "epoch", "eval_loss")} for e in trainer.state.log_history if "eval_loss" in e],
    })
write("schedules.json", schedules)


class Scripted(Trainer):
    """Has its validation figures given."""

    def evaluate(self, *_, **__):
        metrics = {"eval_loss": self.figures.pop(0)}
        metrics["eval_rouge1"] = -metrics["eval_loss"]
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


def decide(figures, patience=0, threshold=0.0, **more):
    """Trains 12 examples in batches of 1: 12 steps an epoch."""
    torch.manual_seed(3)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Scripted(Perceptron(), arguments(
            folder, num_train_epochs=6, per_device_train_batch_size=1, **{"load_best_model_at_end": True, **more},
        ), train_dataset=examples(0, 12), eval_dataset=examples(12, 14),
            callbacks=[EarlyStoppingCallback(patience, threshold)] if patience else [])
        trainer.figures = list(figures) + [9.0] * 60
        trainer.train()
        best = trainer.state.best_model_checkpoint
        return {
            "figures": figures, "patience": patience, "threshold": threshold, "arguments": more, "steps": trainer.state.global_step,
            "evaluated": [e["step"] for e in trainer.state.log_history if "eval_loss" in e],
            "best": best and pathlib.Path(best).name, "best_metric": trainer.state.best_metric,
            "kept": sorted(int(p.name.split("-")[1]) for p in pathlib.Path(folder).glob("checkpoint-*")),
        }


epoch = dict(eval_strategy="epoch", save_strategy="epoch")
five = dict(eval_strategy="steps", eval_steps=5, save_strategy="steps", save_steps=5)
write("decisions.json", [
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=2, **epoch),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=1, **epoch),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=3, **epoch),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=2, load_best_model_at_end=False, **epoch),
    decide([2.0, 2.0, 2.0, 2.0, 2.0, 2.0], save_total_limit=2, **epoch),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=2, metric_for_best_model="rouge1", **epoch),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], save_total_limit=2, metric_for_best_model="eval_rouge1", greater_is_better=False, **epoch),
    decide([4.0, 3.0, 3.5, 3.4, 3.3, 2.0], patience=2, save_total_limit=2, **epoch),
    decide([4.0, 3.0, 3.5, 2.9, 3.3, 3.4], patience=2, save_total_limit=2, **epoch),
    decide([4.0, 3.9, 3.8, 3.7, 1.0, 0.9], patience=3, threshold=0.15, save_total_limit=2, **epoch),
    decide([4.0, 3.8, 3.6, 3.4, 3.3, 3.0], patience=2, threshold=0.15, save_total_limit=2, metric_for_best_model="rouge1", **epoch),
    decide([4.0, 3.0, 2.0, 1.0, 5.0, 6.0, 7.0, 8.0, 0.5, 9.0, 9.0], save_total_limit=3, **five),
    decide([4.0, 3.0, 2.0, 5.0, 6.0, 7.0], patience=3, save_total_limit=2, **five),
    decide([4.0, 3.0, 1.0, 5.0, 6.0, 7.0, 8.0, 8.0], eval_strategy="steps", eval_steps=4, save_strategy="steps", save_steps=12,
           save_total_limit=2),
    decide([4.0, 3.0, 1.0, 5.0, 6.0], eval_strategy="steps", eval_steps=0.21, save_strategy="steps", save_steps=0.42, save_total_limit=2),
    decide([4.0, 3.0, 1.0, 5.0, 6.0], max_steps=31, **five),
])

groups = []
for n, size, seed in [(7, 2, 0), (40, 2, 1), (43, 12, 2), (500, 2, 3), (16, 16, 4)]:
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, 60, (n,), generator=generator).tolist()
    permutation = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
    order = get_length_grouped_indices(lengths, size, generator=torch.Generator().manual_seed(seed))
    groups.append({"lengths": lengths, "size": size, "permutation": permutation, "order": order})
write("groups.json", groups)
