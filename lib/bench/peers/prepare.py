"""Articles to 256 tokens by Hugging Face's fast tokenizer: prepare.py INPUTS. The seconds are those of a megabyte of text, read or not;
the answer is the number and the sum of the ids."""
import sys

from tokenizers import Tokenizer

from measure import best, lines

folder = sys.argv[1]
tokenizer = Tokenizer.from_file(f"{folder}/t5/tokenizer.json")
tokenizer.enable_truncation(256)
tokenizer.no_padding()
articles = lines(f"{folder}/articles.jsonl")
ids = None


def prepare():
    global ids
    ids = []
    for i in range(0, len(articles), 100):  # all at once take gigabytes: the whole text is tokenised before it is cut
        ids += [e.ids for e in tokenizer.encode_batch(articles[i:i + 100])]


def answer():
    return [sum(map(len, ids)), sum(map(sum, ids))]


best(prepare, 1, units=sum(len(a.encode()) for a in articles) / 1e6, answer=answer)
