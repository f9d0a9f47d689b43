"""Writes trainer.json: what Trainer does with the small T5 in ../../t5/testdata/gated, dropout off, in 60 steps of the study's kind:
padded batches of 3, accumulation 4 with a short last group in each epoch, linear schedule with warm-up, decay, clipping.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0
"""
import json
import pathlib
import random
import tempfile

import torch
from transformers import T5ForConditionalGeneration, Trainer, TrainerCallback, TrainingArguments

HERE = pathlib.Path(__file__).parent
EXAMPLES, VALIDATION, EPOCHS = 43, 10, 20
rng = random.Random(7)


def sentence(longest):
    return [rng.randrange(2, 64) for _ in range(rng.randrange(1, longest))] + [1]


examples = [{"input_ids": sentence(14), "labels": sentence(8)} for _ in range(EXAMPLES + VALIDATION)]
orders = [rng.sample(range(EXAMPLES), EXAMPLES) for _ in range(EPOCHS)]


def collate(batch):
    def pad(name, filler):
        rows = [torch.tensor(e[name]) for e in batch]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)

    ids = pad("input_ids", 0)
    return {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": pad("labels", -100)}


class Given(torch.utils.data.Sampler):
    """The orders above, one an epoch."""

    def __init__(self):
        self.epochs = iter(orders)

    def __iter__(self):
        return iter(next(self.epochs))

    def __len__(self):
        return EXAMPLES


class InOrder(Trainer):
    """Sees the examples in the orders above, and keeps the losses, which Trainer logs rounded to 4 digits only."""

    def __init__(self, *arguments, **named):
        self.micro, self.losses = [], []
        super().__init__(*arguments, callbacks=[Watch(self)], **named)

    def _get_train_sampler(self):
        return Given()

    def training_step(self, *arguments):
        loss = super().training_step(*arguments)
        self.micro.append(loss.item())
        return loss


class Watch(TrainerCallback):
    def __init__(self, trainer):
        self.trainer = trainer

    def on_step_end(self, *_, **__):
        self.trainer.losses.append(sum(self.trainer.micro))
        self.trainer.micro.clear()


model = T5ForConditionalGeneration.from_pretrained(HERE / "../../t5/testdata/gated", dropout_rate=0.0)
with tempfile.TemporaryDirectory() as folder:
    trainer = InOrder(model, TrainingArguments(
        folder, num_train_epochs=EPOCHS, per_device_train_batch_size=3, per_device_eval_batch_size=4, gradient_accumulation_steps=4,
        learning_rate=1e-3, warmup_steps=6, weight_decay=0.01, max_grad_norm=1.0, logging_steps=1, eval_strategy="epoch",
        save_strategy="no", report_to="none", use_cpu=True, disable_tqdm=True,
    ), data_collator=collate, train_dataset=examples[:EXAMPLES], eval_dataset=examples[EXAMPLES:])
    trainer.train()
history = trainer.state.log_history
golden = {
    "examples": examples, "orders": orders, "losses": trainer.losses,
    "logged": [{k: e[k] for k in ("epoch", "grad_norm", "learning_rate")} for e in history if "grad_norm" in e],
    "evaluated": [{k: e[k] for k in ("step", "eval_loss")} for e in history if "eval_loss" in e],
    "train_loss": history[-1]["train_loss"],
}
(HERE / "trainer.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(len(golden["logged"]), "steps; losses", trainer.losses[0], "to", trainer.losses[-1], "clipped", sum(e["grad_norm"] > 1 for e in golden["logged"]))
