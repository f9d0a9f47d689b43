#!/usr/bin/env bash
# What `make study` runs, in the current folder: flan-t5-small's architecture at its full size, 77 million weights that begin at random,
# learns in bfloat16 to summarise SciSummNet. DATA is the folder with scisummnet and tokenizer-t5; EPOCHS is how long.
set -euo pipefail

for file in scisummnet/scisummnet.jsonl.gz tokenizer-t5/spiece.model; do
    [[ -e $DATA/$file ]] || { echo "make study: $DATA/$file is missing: make study DATA=DIR, a folder with scisummnet and tokenizer-t5" >&2; exit 1; }
done

# run shows a command and runs it.
run() {
    printf '\n$ paperlab %s\n' "$*"
    paperlab "$@"
}

# From nothing, a model needs larger steps than the study's fine-tuning; batches, lengths, decay and clipping are the study's.
model=model_checkpoints/flan-t5-small-random
[[ -e $model/config.json ]] || run init flan-t5-small "$model" --tokenizer "$DATA/tokenizer-t5"
run train summarize --name study --model "$model" --data "$DATA/scisummnet/scisummnet.jsonl.gz" --train 346 --validation 43 --test 43 \
    --precision bf16 --epochs "${EPOCHS:-20}" --learning-rate 3e-3 --warmup 21 --log-every 7 \
    --output model_checkpoints/study --save model_checkpoints/study_model
run plot study --epochs --log -o study-loss.png
