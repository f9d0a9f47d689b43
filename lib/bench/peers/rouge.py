"""ROUGE-1/2/L/Lsum of short texts by rouge_score: rouge.py INPUTS plain|stem. The seconds are those of one pair; the answer is the
mean F-measures."""
import sys

from rouge_score.rouge_scorer import RougeScorer

from measure import best, lines

folder, stem = sys.argv[1:]
pairs = lines(f"{folder}/pairs.jsonl")
names = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
scorer = RougeScorer(names, use_stemmer=stem == "stem")
scores = None


def score():
    global scores
    scores = [scorer.score(reference, prediction) for reference, prediction in pairs]


best(score, 3, units=len(pairs), answer=lambda: [sum(s[name].fmeasure for s in scores) / len(pairs) for name in names])
