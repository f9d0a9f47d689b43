"""Writes trainer.json: 60 steps of Trainer on a two-layer perceptron, accumulation 4 with a short last group in each epoch.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0 (Trainer needs accelerate, the other peers do not)
"""
import json
import pathlib
import tempfile

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments

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


class Given(torch.utils.data.Sampler):
    """The orders above, one an epoch."""

    def __init__(self):
        self.epochs = iter(orders)

    def __iter__(self):
        return iter(next(self.epochs))

    def __len__(self):
        return EXAMPLES


class InOrder(Trainer):
    def _get_train_sampler(self):
        return Given()

    def training_step(self, *arguments):
        loss = super().training_step(*arguments)
        micro.append(loss.item())
        return loss


class Steps(TrainerCallback):
    """Sums up the micro-batches of each step, which Trainer logs rounded to 4 digits only."""

    def on_step_end(self, *_, **__):
        losses.append(sum(micro))
        micro.clear()


class Rates(TrainerCallback):
    def on_optimizer_step(self, *_, **__):
        used.append(trainer.optimizer.param_groups[0]["lr"])


micro, losses, used = [], [], []
model = Perceptron()
start = {name: p.detach().flatten().tolist() for name, p in model.named_parameters()}
with tempfile.TemporaryDirectory() as folder:
    trainer = InOrder(model, TrainingArguments(
        folder, num_train_epochs=EPOCHS, per_device_train_batch_size=3, per_device_eval_batch_size=4, gradient_accumulation_steps=4,
        learning_rate=0.02, weight_decay=0.1, warmup_steps=6, max_grad_norm=0.8, logging_steps=1, eval_strategy="epoch",
        save_strategy="no", report_to="none", use_cpu=True, disable_tqdm=True,
    ), train_dataset=[{"x": a, "labels": b} for a, b in zip(x[:EXAMPLES], y[:EXAMPLES])],
        eval_dataset=[{"x": a, "labels": b} for a, b in zip(x[EXAMPLES:], y[EXAMPLES:])], callbacks=[Steps, Rates])
    trainer.train()
    history = trainer.state.log_history
golden = {
    "x": x.flatten().tolist(), "y": y.flatten().tolist(), "orders": orders, "start": start, "losses": losses, "used_rates": used,
    "logged": [{k: e[k] for k in ("step", "epoch", "loss", "grad_norm", "learning_rate")} for e in history if "grad_norm" in e],
    "evaluated": [{k: e[k] for k in ("step", "epoch", "eval_loss")} for e in history if "eval_loss" in e],
    "train_loss": history[-1]["train_loss"],
    "end": {name: p.detach().flatten().tolist() for name, p in model.named_parameters()},
}
(pathlib.Path(__file__).parent / "trainer.json").write_text(json.dumps(golden) + "\n")
