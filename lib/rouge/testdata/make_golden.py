"""Makes golden.jsonl and stems.json, and answers the live comparison in peer_test.go.

Pinned: Python 3.11, rouge_score 0.1.2, nltk 3.10.4.

    python make_golden.py           writes both files beside this script
    python make_golden.py score     pairs in, one JSON list [reference, prediction] a line; scores out, one list a line
    python make_golden.py stem      words in, one a line; stems out
"""

import json
import pathlib
import random
import sys

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer

MEASURES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
SCORERS = [RougeScorer(MEASURES, use_stemmer=stem) for stem in (False, True)]
HERE = pathlib.Path(__file__).parent

ROOTS = "relat condition valenc digitiz conform radic differ vile analog vietnam predic oper feud decis hope callous " \
        "form sensit train model learn hop fil fall hiss fizz agre plaster mot tr sk l d happ enjo b y geo the syzyg " \
        "x2 3d ti act controll rol ceas rat repla adjust depend adopt commun".split()
SUFFIXES = ["", *"s es ed ing ational tional enci anci izer abli alli entli eli ousli ization ation ator alism iveness "
            "fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able "
            "ible ant ement ment ent ion ou ism ate iti ous ive ize y ies ied eed ll e ly".split()]
SEPARATORS = [" "] * 12 + ["  ", "\t", "\n", "\n", "\n\n", "\r\n", ".", ", ", "-", "_", "'", "\u00a0", "\u2028", "\u0085",
                           "\u000b", "é", "ß", "Σ", "\u212a", "\u0130", "日本", "🙂", "\u0000", "\ufffd"]


def scores(reference, prediction):
    """Two lists (plain, stemmed) of four [precision, recall, fmeasure]."""
    out = []
    for scorer in SCORERS:
        result = scorer.score(reference, prediction)
        out.append([list(map(float, result[m])) for m in MEASURES])
    return out


def random_text(rng, pool, length):
    parts = []
    for _ in range(length):
        word = rng.choice(pool)
        parts.append(rng.choice([word, word, word, word.upper(), word.capitalize()]))
        parts.append(rng.choice(SEPARATORS))
    return "".join(parts)


def pairs(rng):
    yield from [("", ""), ("", "a"), ("a", ""), ("\n", "\n\n"), ("...", "a b"), ("a\n\nb", "\nb a\n"), ("é", "é")]
    for _ in range(140):
        pool = [rng.choice(ROOTS) + rng.choice(SUFFIXES) for _ in range(rng.randint(1, 25))]
        yield tuple(random_text(rng, pool, rng.choice([1, 2, 5, 10, 20, 40])) for _ in range(2))
    for _ in range(2):
        pool = [rng.choice(ROOTS) + rng.choice(SUFFIXES) for _ in range(60)]
        yield tuple(random_text(rng, pool, 400) for _ in range(2))


def write_goldens():
    rng = random.Random(42)
    with open(HERE / "golden.jsonl", "w") as f:
        for reference, prediction in pairs(rng):
            plain, stemmed = scores(reference, prediction)
            row = {"reference": reference, "prediction": prediction, "plain": plain, "stemmed": stemmed}
            f.write(json.dumps(row) + "\n")
    words = sorted({rng.choice(ROOTS) + rng.choice(SUFFIXES) + rng.choice(SUFFIXES) for _ in range(800)})
    stemmer = PorterStemmer()
    (HERE / "stems.json").write_text(json.dumps({w: stemmer.stem(w) for w in words}, indent=0) + "\n")


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else "goldens"
    if mode == "goldens":
        write_goldens()
    elif mode == "score":
        for line in sys.stdin:
            print(json.dumps(scores(*json.loads(line))))
    elif mode == "stem":
        stemmer = PorterStemmer()
        for line in sys.stdin:
            print(stemmer.stem(line.rstrip("\n")))


main()
