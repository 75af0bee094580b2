#!/usr/bin/env python3
"""Scoring by what a user would pick instead, on the same text, the same n-grams and the same machine, in one run.

    python3 -m venv VENV && VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release --bins --example throughput
    VENV/bin/python benches/peers/run.py TRAIN.jsonl TEST.jsonl [--runs 3] [--c 4]

TRAIN and TEST hold {"text": ..., "labels": [...]} a line, gzip or not. Both sides use words 1..2 and characters inside
words 3..5, tf, idf, one length by channel, one-vs-rest L2 logistic regression with penalized intercepts, one
thread. Scoring is from raw texts in memory to the probability of every label: scikit-learn's vectorizer and a product with
the dense weights, and the example `throughput`. Medians over runs; the two sides take turns. Training: `train.py`.
"""
import argparse, os, pathlib, statistics, tempfile

import common

os.environ.update(common.ONE_THREAD)
import numpy, scipy, sklearn  # noqa: E402  (threads must be set first)
from scipy.special import expit

import sides

THROUGHPUT = common.ROOT / "target/release/examples/throughput"


def scikit_learn(rows, c):
    """A function from texts to probabilities."""
    vectorizer = sides.hashing()
    matrix = vectorizer.fit_transform([row["text"] for row in rows])
    model = sides.logistic(c).fit(matrix, sides.targets(rows, common.labels_of(rows)))
    weights = numpy.vstack([one.coef_ for one in model.estimators_]).T.astype(numpy.float32).copy()
    intercepts = numpy.hstack([one.intercept_ for one in model.estimators_])
    return lambda texts: expit(vectorizer.transform(texts).astype(numpy.float32) @ weights + intercepts)


def ours(folder, rows, test, c):
    """A function that gives seconds, as the example measures them: without reading the model and the texts."""
    recipe, model, training, posts = (folder / name for name in ("recipe.toml", "model", "train.jsonl", "test.jsonl"))
    recipe.write_text(common.RECIPE % c)
    common.write(training, rows)
    common.write(posts, test)
    common.measured([common.PROGRAM, "train", training, "--recipe", recipe, "--output", model])
    return lambda: float(common.measured([THROUGHPUT, posts, model])[1].split(" posts in ")[1].split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10, help="how often the test texts are scored")
    parser.add_argument("--c", type=float, default=4.0)
    arguments = parser.parse_args()
    rows, test = list(common.read(arguments.train)), list(common.read(arguments.test)) * arguments.copies
    texts = [row["text"] for row in test]
    theirs, own = [], []
    with tempfile.TemporaryDirectory() as folder:
        score, score_ours = scikit_learn(rows, arguments.c), ours(pathlib.Path(folder), rows, test, arguments.c)
        for _ in range(arguments.runs):
            theirs.append(common.timed(lambda: score(texts))[0])
            own.append(score_ours())
    print(f"scikit-learn {sklearn.__version__} (numpy {numpy.__version__}, scipy {scipy.__version__}), narrative-frames {common.version()}; "
          f"{len(test)} texts, {len(common.labels_of(rows))} labels, one thread, medians of {arguments.runs} runs")
    theirs, own = statistics.median(theirs), statistics.median(own)
    print(f"scikit-learn {theirs:.2f} s, ours {own:.2f} s, {theirs / own:.1f} times")


if __name__ == "__main__":
    main()
