#!/bin/sh
# Trains the shipped model: the same bytes on every machine and at any number of threads.
set -e
cd "$(dirname "$0")/.."
cargo run --release --no-default-features --features cli -- train data/train.jsonl \
    --recipe models/recipe.toml --taxonomy data/taxonomy.toml --group-field meaning_id \
    --output models/narrative-frames.safetensors
