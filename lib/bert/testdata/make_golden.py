"""Makes the small model of this folder and what transformers computes with it.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0, safetensors 0.8.0.

    python make_golden.py             writes tiny/ beside this script
    python make_golden.py save DIR    loads DIR and saves it again, into DIR/again

tiny/ holds what save_pretrained writes, and golden.safetensors: input_ids, attention_mask, token_type_ids; hidden, the last
hidden states, and untyped, those without token types; scale, which hidden is multiplied by before it is summed up to a loss;
under grad.NAME the gradient of that loss for each parameter that has one.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

HERE = pathlib.Path(__file__).parent


def make_model():
    torch.manual_seed(20250301)
    config = BertConfig(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32,
                        max_position_embeddings=24, type_vocab_size=2, initializer_range=0.3)
    model = BertModel(config).eval()
    for name, parameter in model.named_parameters():  # norms start at one and biases at zero, which would hide an error
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter.data, mean=float("LayerNorm.weight" in name), std=0.2)
    model.save_pretrained(HERE / "tiny")
    return model


def batch():
    """Four texts of different lengths, padded; one is a single token."""
    ids, mask = torch.zeros(4, 19, dtype=torch.long), torch.zeros(4, 19, dtype=torch.long)
    types = torch.zeros(4, 19, dtype=torch.long)
    for row, n in enumerate([19, 7, 1, 12]):
        ids[row, :n], mask[row, :n], types[row, n // 2:n] = torch.randint(1, 64, (n,)), 1, 1
    return dict(input_ids=ids, attention_mask=mask, token_type_ids=types)


def make_golden(model):
    inputs = batch()
    hidden = model(**inputs).last_hidden_state
    scale = torch.randn_like(hidden) * inputs["attention_mask"].unsqueeze(-1)
    (hidden * scale).sum().backward()
    with torch.no_grad():
        untyped = model(inputs["input_ids"], inputs["attention_mask"]).last_hidden_state
    golden = dict(inputs, hidden=hidden, untyped=untyped, scale=scale)
    golden |= {"grad." + n: p.grad for n, p in model.named_parameters() if p.grad is not None}
    save_file({k: v.detach().clone().contiguous() for k, v in golden.items()}, HERE / "tiny" / "golden.safetensors")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            make_golden(make_model())
        case ["save", folder]:
            BertModel.from_pretrained(folder).save_pretrained(pathlib.Path(folder) / "again")
