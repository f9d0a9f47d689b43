"""Writes trainer.json: what Trainer does with the small T5 in ../../t5/testdata/gated, dropout off, in 60 steps of the study's kind:
padded batches of 3, accumulation 4 with a short last group in each epoch, linear schedule with warm-up, decay, clipping.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0
"""
import json
import pathlib
import random
import sys
import tempfile

from transformers import T5ForConditionalGeneration, TrainingArguments

from collate import collate

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE / "../../train/testdata"))
from in_order import InOrder

EXAMPLES, VALIDATION, EPOCHS = 43, 10, 20
rng = random.Random(7)


def sentence(longest):
    return [rng.randrange(2, 64) for _ in range(rng.randrange(1, longest))] + [1]


examples = [{"input_ids": sentence(14), "labels": sentence(8)} for _ in range(EXAMPLES + VALIDATION)]
orders = [rng.sample(range(EXAMPLES), EXAMPLES) for _ in range(EPOCHS)]
model = T5ForConditionalGeneration.from_pretrained(HERE / "../../t5/testdata/gated", dropout_rate=0.0)
with tempfile.TemporaryDirectory() as folder:
    trainer = InOrder(orders, model, TrainingArguments(
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
