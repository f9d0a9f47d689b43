#!/usr/bin/env bash
# What `make run` runs, in the current folder: the study's two trainings, small enough for two cores and five minutes. Every line
# that begins with $ is a command that can be repeated by hand.
#
# DATA empty: Go's own documentation stands in for papers. DATA=DIR: SciSummNet's articles and the arXiv metadata found there.
set -euo pipefail

# run shows a command and runs it.
run() {
    printf '\n$ paperlab %s\n' "${*@Q}" | sed "s/'\([A-Za-z0-9_./=:-]*\)'/\1/g"
    paperlab "$@"
}

tiny=model_checkpoints/t5-tiny
summarizer=model_checkpoints/fine_tuned_summarization_model
searcher=model_checkpoints/fine_tuned_search_model

# A model that learns from nothing wants more and larger steps than the study's fine-tuning, and shorter texts.
if [[ -z ${DATA:-} ]]; then
    vocabulary=()
    articles=(--data godoc --train 1500 --validation 130 --test 130 --max-input 128)
    learn=(--batch-size 4 --accumulation 1 --epochs 6 --learning-rate 1.5e-3 --warmup 50 --log-every 20)
    write=(--min-length 5 --max-length 32 --repetition-penalty 1 --no-repeat-ngram-size 2)
    papers=(--data godoc)
    pairs=(--per-group 40 --epochs 1 --warmup 10 --log-every 4)
    query="how do I parse a date"
else
    for file in scisummnet/scisummnet.jsonl.gz arxiv-kaggle-2007/arxiv-metadata-0704.jsonl tokenizer-t5/spiece.model; do
        [[ -e $DATA/$file ]] || { echo "make run: $DATA/$file is missing: DATA is a folder with scisummnet, arxiv-kaggle-2007 and tokenizer-t5" >&2; exit 1; }
    done
    tiny+=-scisummnet
    vocabulary=(--tokenizer "$DATA/tokenizer-t5")
    articles=(--data "$DATA/scisummnet/scisummnet.jsonl.gz" --train 340 --validation 40 --test 40)
    learn=(--batch-size 4 --accumulation 1 --epochs 8 --learning-rate 1.5e-3 --warmup 50 --log-every 20)
    write=(--min-length 20 --max-length 64 --repetition-penalty 1 --no-repeat-ngram-size 2)
    papers=(--data "$DATA/arxiv-kaggle-2007/arxiv-metadata-0704.jsonl")
    pairs=(--per-group 40 --epochs 1 --warmup 5 --log-every 2)
    query="galaxies with dark matter halos"
fi

echo "== Summarisation: a small T5 learns from nothing =="
[[ -e $tiny/config.json ]] || run init t5-tiny "$tiny" "${vocabulary[@]}"
run train summarize --model "$tiny" "${articles[@]}" "${learn[@]}" "${write[@]}" --rouge-samples 40
echo "(Minutes of learning from nothing teach how such a text reads, hardly what the article says: for that, fine-tune pretrained weights.)"

echo
echo "== Search: MiniLM fine-tuned on pairs of one category =="
run train search "${papers[@]}" "${pairs[@]}"
run index build --model "$searcher" "${papers[@]}"
run index search "$query" -k 3
run eval search --model "$searcher" "${papers[@]}"

echo
echo "== What the tracker kept =="
run runs ls
for kind in loss learning-rate memory; do
    run plot summarize --kind "$kind" -o "$kind.svg"
done
run plot search -o search-loss.svg

cat <<END

Next, with paperlab on the PATH (make shell):
  paperlab runs show summarize
  paperlab plot summarize search --kind grad-norm -o grad-norm.svg
  paperlab index search "$query" -k 10
  echo "It returns an error if the file is closed. The caller closes it." | paperlab summarize --model $summarizer ${write[*]} -
  paperlab train search --help
END
