"""Trainer of transformers as the goldens want it: examples in given orders, and all that it computes kept.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0
"""
import torch
from transformers import Trainer, TrainerCallback


class Given(torch.utils.data.Sampler):
    """Orders of the examples, one an epoch."""

    def __init__(self, orders):
        self.epochs, self.length = iter(orders), len(orders[0])

    def __iter__(self):
        return iter(next(self.epochs))

    def __len__(self):
        return self.length


class InOrder(Trainer):
    """Sees the examples in the orders, and keeps the losses, which Trainer logs rounded to 4 digits only, and the learning rates used."""

    def __init__(self, orders, *arguments, **named):
        self.orders, self.micro, self.losses, self.used = orders, [], [], []
        super().__init__(*arguments, callbacks=[Watch(self)], **named)

    def _get_train_sampler(self):
        return Given(self.orders)

    def training_step(self, *arguments):
        loss = super().training_step(*arguments)
        self.micro.append(loss.item())
        return loss


class Watch(TrainerCallback):
    def __init__(self, trainer):
        self.trainer = trainer

    def on_optimizer_step(self, *_, **__):
        self.trainer.used.append(self.trainer.optimizer.param_groups[0]["lr"])

    def on_step_end(self, *_, **__):
        self.trainer.losses.append(sum(self.trainer.micro))
        self.trainer.micro.clear()
