#!/usr/bin/env python3
"""How far the shipped recipe carries: to settings, varieties, languages and authors that it did not learn from.

    cargo build --release && python3 models/held_out.py

Rows of data/train.jsonl and data/dev.jsonl. For each value of a field a model learns from the rows without it and is measured on those with
it; rows that share a meaning with a measured one are not learned from. A setting is that of the rows with a frame; their twins go with them. An
author is a wave of writing sessions, by the prefix of the ids. Figures with their 95 % intervals (bootstrap over meanings); calibration on two folds, for time. The test part of the corpus and the functional suite are not touched.
"""
import collections, pathlib, tempfile
from concurrent.futures import ThreadPoolExecutor

from ablation import FIGURES, corpus, measure

WAVES = ("w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9")


def settings(rows):
    """By family: the settings of its rows with a frame."""
    found = collections.defaultdict(set)
    for row in rows:
        if row["frames"]:
            found[row["pair_id"]].add(row["setting"])
    return found


def held_out(rows):
    """Names of what is held out, each with a test for its rows."""
    of_family = settings(rows)
    for setting in ("religious", "ethno_nationalist", "revolutionary", "fictional"):
        yield f"setting {setting}", lambda row, setting=setting: of_family.get(row["pair_id"]) == {setting}
    for language in ("ar", "en"):
        yield f"language {language}", lambda row, language=language: row["lang"] == language
    for dialect in ("msa", "egyptian", "levantine", "gulf", "iraqi", "maghrebi", "arabizi", "code-switch"):
        yield f"variety {dialect}", lambda row, dialect=dialect: row["dialect"] == dialect
    for wave in WAVES:
        yield f"authors of {wave}", lambda row, wave=wave: row["id"].startswith(wave + "-")


def one(job):
    name, rows, is_measured, folder = job
    measured = [row for row in rows if is_measured(row)]
    meanings = {row["meaning_id"] for row in measured}
    learned = [row for row in rows if row["meaning_id"] not in meanings]
    return name, len(measured), measure(learned, measured, folder)


def main():
    rows = corpus()
    print(f"| held out | rows | {FIGURES} |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        jobs = [(name, rows, test, pathlib.Path(folder) / str(i)) for i, (name, test) in enumerate(held_out(rows))]
        for name, n, figures in pool.map(one, jobs):
            cells = [f"{value:.3f}" + (f" ({low:.3f}–{high:.3f})" if low is not None else "") for value, low, high in figures]
            print(f"| {name} | {n} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
