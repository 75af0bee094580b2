#!/bin/sh
# Trains the shipped model, measures it and gives it its card: the same bytes on every machine and at any number of threads.
set -e
cd "$(dirname "$0")/.."
model=models/narrative-frames.safetensors
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
run() { cargo run --release --quiet --no-default-features --features cli -- "$@"; }
run train data/train.jsonl --recipe models/recipe.toml --taxonomy data/taxonomy.toml --group-field meaning_id --output "$model"
run evaluate data/test.jsonl --model "$model" --group-field meaning_id --slice lang --slice dialect --json "$figures"
run card "$model" --about models/card.toml --evaluation "$figures"
