"""Makes smoothed.json: losses and gradient norms of the two small models of this folder by transformers' LabelSmoother.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0, safetensors 0.8.0.
"""

import json
import pathlib

from safetensors.torch import load_file
from transformers import T5ForConditionalGeneration
from transformers.trainer_pt_utils import LabelSmoother

HERE = pathlib.Path(__file__).parent
cases = []
for name in ("gated", "tied"):
    golden = load_file(HERE / name / "golden.safetensors")
    for epsilon in (0.0, 0.1, 0.5):
        model = T5ForConditionalGeneration.from_pretrained(HERE / name).eval()
        labels = golden["labels"]
        out = model(input_ids=golden["input_ids"], attention_mask=golden["attention_mask"],
                    decoder_input_ids=model.prepare_decoder_input_ids_from_labels(labels))
        loss = LabelSmoother(epsilon)(out, labels)
        loss.backward()
        norm = sum(float((p.grad.double() ** 2).sum()) for p in model.parameters()) ** 0.5
        cases.append({"model": name, "epsilon": epsilon, "loss": loss.item(), "grad_norm": norm})
(HERE / "smoothed.json").write_text(json.dumps(cases, indent=1) + "\n")
