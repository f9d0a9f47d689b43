"""Writes golden.json and small/tokenizer.json: what the peers make of texts that the tests give to this package.

Python 3.11, transformers 4.49.0, tokenizers 0.21.4, sentencepiece 0.2.3.

    PAPERLAB_DATA=... python make_golden.py

"small" holds whole results, from small/spiece.model (written by `go test -run TestTrainT5GivesTheSameFile -update`) and small/vocab.txt.
"real" holds hashes of results from the real vocabularies and papers of PAPERLAB_DATA, none of which is copied.
"""

import gzip
import hashlib
import json
import os
import shutil
import tempfile

import sentencepiece
import tokenizers
import transformers
from transformers import BertTokenizerFast, T5Tokenizer, T5TokenizerFast

assert transformers.__version__ == "4.49.0"
assert tokenizers.__version__ == "0.21.4"
assert sentencepiece.__version__ == "0.2.3"
transformers.logging.set_verbosity_error()

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ["PAPERLAB_DATA"]
SHORT = 7  # length of the truncated small cases
CUT = 64  # length of the truncated real ones

TEXTS = [
    "",
    " ",
    "We train a small model.",
    "  two  spaces,\tone tab\nand a line\r\nmore \u00a0 and\u2003wide  ",
    "Hello WORLD 0123456789 3.14159",
    "the loss is \ufffd here",
    "zero\x00byte and \x01control\x7f characters\x85in\x0bbetween\x1c",
    "▁ literal ▁▁marks▁ ▁",
    "a paper </s>",
    "</s>",
    "a </s> b</s></s> c",
    "reads <extra_id_0> the <extra_id_1>  paper<extra_id_2>.<extra_id_99>",
    "<extra_id_100> <extra_id_ <pad><unk> <PAD>",
    "[CLS] a paper [SEP] [MASK][UNK] [PAD] [cls]",
    "Québec naïve e\u0301te\u0301 A\u0308\u0323 \u0130stanbul \u1e9e\u00df ŸÑ",
    "ﬁnd the ﬃ ligature, ½ Ⅳ ㎏ ™ ²",
    "ＦＵＬＬ ｗｉｄｔｈ ＜／ｓ＞",
    "東京で論文を読む。中文摘要",
    "한국어 요약 각",
    "العربية مُلَخَّص",
    "हिन्दी सारांश นิพนธ์",
    "👩‍👩‍👧‍👦 🇫🇷🇩🇪 ✨ ❤️ e\u200dx\u200b\u00ad\ufeffy",
    "don't we've it's I'm they're can't 'quoted' ' spaced ' do not . ! ? ,",
    "x" * 99 + " " + "a" * 100 + " " + "a" * 101,
    "unknown ☃☃☃ run ☃ ☃☃ end☃",
    "loss=$\\sum_{i=1}^{n} x_i^2$ (see [1,2]; cf. §3) -- “quoted” ‘too’ … — –",
    "paper" * 40,
    "http://example.org/a/b?c=d&e=f#g",
    "models' model's modeling unmodeled remodelled",
    "\u0301 starts with a mark, \u200d and a joiner",
    "a\u0301\u0302\u0303\u0304\u0305\u0306b \U0001d400\U0001d4d0 \U00020000",
]


def case(tokenizer, text):
    ids = tokenizer.encode(text)
    return {
        "text": text,
        "ids": ids,
        "tokens": tokenizer.convert_ids_to_tokens(ids),
        "short": tokenizer.encode(text, truncation=True, max_length=SHORT),
        "decoded": tokenizer.decode(ids),
        "skipped": tokenizer.decode(ids, skip_special_tokens=True),
    }


def small():
    spiece = os.path.join(HERE, "small", "spiece.model")
    vocab = os.path.join(HERE, "small", "vocab.txt")
    slow = T5Tokenizer(spiece, legacy=True)
    fast = T5TokenizerFast(spiece, add_prefix_space=True)  # converts spiece.model
    fast.backend_tokenizer.save(os.path.join(HERE, "small", "tokenizer.json"), pretty=False)
    berts = {
        "bert": {},
        "bert unclean": {"clean_up_tokenization_spaces": False},
        "bert cased": {"do_lower_case": False},
        "bert accents": {"strip_accents": False, "tokenize_chinese_chars": False},
    }
    out = {
        "t5 slow": slow,
        "t5 slow clean": T5Tokenizer(spiece, legacy=True, clean_up_tokenization_spaces=True),
        "t5 fast": fast,
        "t5 fast bare": T5TokenizerFast(spiece),  # prepend_scheme never
    }
    for name, options in berts.items():
        out[name] = BertTokenizerFast(vocab, **options)
    return {name: [case(t, text) for text in TEXTS] for name, t in out.items()}


def lines(*path):
    name = os.path.join(DATA, *path)
    with gzip.open(name, "rt") if name.endswith(".gz") else open(name) as f:
        return [json.loads(line) for line in f]


def digest(results):
    """Hashes a list of lists of ids, or of texts."""
    h = hashlib.sha256()
    for r in results:
        h.update((r if isinstance(r, str) else ",".join(map(str, r))).encode() + b"\n")
    return h.hexdigest()[:16]


def digests(results, group):
    return [digest(results[i : i + group]) for i in range(0, len(results), group)]


def real_tokenizers():
    t5 = os.path.join(DATA, "tokenizer-t5")
    bert = os.path.join(DATA, "tokenizer-bert-uncased")
    with tempfile.TemporaryDirectory() as d:
        for name in ["tokenizer_config.json", "special_tokens_map.json"]:
            shutil.copy(os.path.join(t5, name), d)
        shutil.copy(os.path.join(t5, "tokenizer-whitespacesplit.json"), os.path.join(d, "tokenizer.json"))
        fast = T5TokenizerFast.from_pretrained(d)
        shutil.copy(os.path.join(t5, "spiece.model"), d)
        slow = T5Tokenizer.from_pretrained(d)
    minilm = BertTokenizerFast(tokenizer_file=os.path.join(bert, "tokenizer-minilm.json"))
    return {
        "t5 spiece.model": slow,
        "t5 spiece.model alone": T5Tokenizer(os.path.join(t5, "spiece.model"), legacy=True),
        "t5 tokenizer.json": fast,
        "bert tokenizer.json": minilm,
        "bert vocab.txt": BertTokenizerFast(os.path.join(bert, "vocab.txt")),
    }


def real():
    abstracts = [r["abstract"] for r in lines("arxiv-kaggle-2007", "arxiv-metadata-0704.jsonl")]
    abstracts += [r["abstract"] for r in lines("arxiv-recent", "lthei-2026.jsonl")]
    abstracts += [r["abstract"] for r in lines("arxiv-recent", "seymurhh-2025.jsonl")]
    abstracts = abstracts[:2000]
    articles = [" ".join(r["article_text"]) for r in lines("scisummnet", "scisummnet.jsonl.gz")][:200]
    assert len(abstracts) == 2000 and len(articles) == 200
    characters = [f"a{chr(c)}B x{chr(c)}" for c in range(0x110000) if not 0xD800 <= c < 0xE000]

    raw = sentencepiece.SentencePieceProcessor(os.path.join(DATA, "tokenizer-t5", "spiece.model"))
    out = {}
    for name, t in real_tokenizers().items():
        t.model_max_length = 1 << 40
        if t.is_fast:
            t.backend_tokenizer.no_truncation()
            t.backend_tokenizer.no_padding()
        ids = [t.encode(x) for x in abstracts]
        long = [t.encode(x) for x in articles]
        if name == "t5 spiece.model":  # no paper has added tokens: sentencepiece itself agrees
            assert all(i == raw.encode(x) + [1] for i, x in zip(ids + long, abstracts + articles))
        if t.is_fast:
            each = [e.ids for e in t.backend_tokenizer.encode_batch(characters)]
        else:
            each = [t.encode(x) for x in characters]
        out[name] = {
            "abstracts": digests(ids, 100),
            "decoded": digests([t.decode(i, skip_special_tokens=True) for i in ids], 100),
            "cut": digests([t.encode(x, truncation=True, max_length=CUT) for x in abstracts + articles], 100),
            "articles": digests(long, 20),
            "characters": digests(each, 0x4000),
        }
    return out


def main():
    golden = {"short": SHORT, "cut": CUT, "small": small(), "real": real()}
    with open(os.path.join(HERE, "golden.json"), "w") as f:
        f.write("{\n")
        parts = []
        for key, value in golden.items():
            if isinstance(value, dict):
                inner = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=True)}" for k, v in value.items())
                parts.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
            else:
                parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
        f.write(",\n".join(parts) + "\n}\n")


main()
