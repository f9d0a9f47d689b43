#!/usr/bin/env bash
# What `make run` runs, in the current folder: the study's two trainings, small enough for two cores and five minutes. Every line
# that begins with $ is a command that can be repeated by hand.
#
# DATA empty: Go's own documentation stands in for papers. DATA=DIR: SciSummNet's articles and the arXiv metadata found there.
set -euo pipefail

run() {
    printf '\n$ paperlab %s\n' "${*@Q}" | sed "s/'\([A-Za-z0-9_./=:-]*\)'/\1/g"
    paperlab "$@"
}

checkpoints=model_checkpoints
tiny=$checkpoints/t5-tiny
summarizer=$checkpoints/fine_tuned_summarization_model
searcher=$checkpoints/fine_tuned_search_model

if [[ -z ${DATA:-} ]]; then
    # A model of 2 + 2 layers learns from scratch, hence its own learning rate; batches are the study's.
    articles=(--data godoc --train 1200 --validation 150 --test 150)
    learn=(--epochs 4 --learning-rate 2e-3 --warmup 30 --log-every 10)
    lengths=(--max-length 48 --min-length 5)
    papers=(--data godoc)
    pairs=(--epochs 1 --warmup 10 --log-every 5)
    vocabulary=()
else
    for file in scisummnet/scisummnet.jsonl.gz arxiv-kaggle-2007/arxiv-metadata-0704.jsonl tokenizer-t5/spiece.model; do
        [[ -e $DATA/$file ]] || { echo "make run: $DATA/$file is missing: DATA is a folder with scisummnet, arxiv-kaggle-2007 and tokenizer-t5" >&2; exit 1; }
    done
    articles=(--data "$DATA/scisummnet/scisummnet.jsonl.gz" --train 340 --validation 40 --test 40)
    learn=(--epochs 10 --learning-rate 2e-3 --warmup 30 --log-every 10)
    lengths=(--max-length 64 --min-length 20)
    papers=(--data "$DATA/arxiv-kaggle-2007/arxiv-metadata-0704.jsonl")
    pairs=(--epochs 1 --warmup 10 --log-every 5 --limit 600)
    vocabulary=(--tokenizer "$DATA/tokenizer-t5")
fi

echo "== Summarisation: a small T5 from scratch =="
[[ -e $tiny/config.json ]] || run init t5-tiny "$tiny" "${vocabulary[@]}"
run train summarize --model "$tiny" "${articles[@]}" "${learn[@]}" "${lengths[@]}" --rouge-samples 0
run eval summarize --model "$summarizer" "${articles[@]}" "${lengths[@]}" --rouge-samples 40

echo
echo "== Search: MiniLM fine-tuned on pairs of one category =="
run train search "${papers[@]}" "${pairs[@]}"
run index build --model "$searcher" "${papers[@]}" --limit 1000
run eval search --model "$searcher" "${papers[@]}" --limit 1000

echo
echo "== What the tracker kept =="
run runs ls
for kind in loss learning-rate memory; do
    run plot summarize --kind "$kind" -o "$kind.svg"
done
run plot search -o search-loss.svg

cat <<'END'

Next:
  paperlab runs show summarize                    all that is known of the run
  paperlab index search "how do I parse a date"   ask the index
  paperlab summarize --model model_checkpoints/fine_tuned_summarization_model --max-length 48 --min-length 5 FILE
  paperlab train search --help                    every hyperparameter is a flag
(paperlab lies in .build/bin; `make shell` has it on its PATH.)
END
