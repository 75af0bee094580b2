#!/usr/bin/env python3
"""The default recipe against a plain scikit-learn reference, on public labelled sets.

    python3 -m venv VENV && VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release
    VENV/bin/python benches/quality/run.py DATA [--sets goemotions,davidson] [--train-options '--set training.c=2']

DATA holds the sets as `NAME.all.jsonl.gz`, `NAME.train.jsonl.gz` and `NAME.dev.jsonl.gz`, {"text": ..., "labels": [...]} a line.
A set with a dev part is trained on the one and measured on the other; any other set is cut in five folds (the field `fold`,
or the row's number modulo 5) and measured on all of its rows, each scored by a model that did not learn from its fold.

Reference: TF-IDF of words 1..2 and characters inside words 2..5, sublinear tf, every n-gram of two documents or more;
liblinear logistic regression for each label, classes balanced; the better of the thresholds 0.5 and 0.3, *chosen on the rows it is
measured on*. Ours: `narrative-frames train --multi-label labels` and `predict`, nothing else said.

Prints macro-F1 of both, the difference, and the 95 % interval of the difference (paired bootstrap over documents, Efron &
Tibshirani 1993, 1,000 samples), in points.
"""
import argparse, gzip, json, os, pathlib, shlex, subprocess, tempfile

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("NARRATIVE_FRAMES", ROOT / "target/release/narrative-frames")
SAMPLES = 1000


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def splits(folder, name):
    """Pairs of rows to learn from and rows to measure on."""
    dev = folder / f"{name}.dev.jsonl.gz"
    if dev.exists():
        return [(read(folder / f"{name}.train.jsonl.gz"), read(dev))]
    (path,) = folder.glob(f"{name}.*.jsonl.gz")
    rows = read(path)
    folds = [row.get("fold", number % 5) for number, row in enumerate(rows)]
    return [([row for row, of in zip(rows, folds) if of != fold], [row for row, of in zip(rows, folds) if of == fold])
            for fold in sorted(set(folds))]


def targets(rows, labels):
    return numpy.array([[label in row["labels"] for label in labels] for row in rows])


def reference(train, test, labels):
    """Probabilities of every label."""
    features = make_union(TfidfVectorizer(analyzer="word", ngram_range=(1, 2), sublinear_tf=True, min_df=2),
                          TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2))
    learned = features.fit_transform([row["text"] for row in train])
    asked = features.transform([row["text"] for row in test])
    has = targets(train, labels)
    model = lambda column: LogisticRegression(solver="liblinear", class_weight="balanced").fit(learned, has[:, column])
    return numpy.column_stack([model(column).predict_proba(asked)[:, 1] for column in range(len(labels))])


def ours(train, test, labels, options):
    """Whether each label is given."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for part, rows in (("train", train), ("test", test)):
            with open(folder / f"{part}.jsonl", "w", encoding="utf-8") as out:
                for row in rows:
                    out.write(json.dumps({"text": row["text"], "labels": row["labels"]}, ensure_ascii=False) + "\n")
        subprocess.run([PROGRAM, "train", folder / "train.jsonl", "--multi-label", "labels", "--output", folder / "model", *options],
                       check=True, stdout=subprocess.DEVNULL)
        answers = subprocess.run([PROGRAM, "predict", folder / "test.jsonl", "--model", folder / "model"],
                                 check=True, capture_output=True, text=True).stdout
    given = [set(json.loads(line)["predictions"]["labels"]["labels"]) for line in answers.splitlines()]
    return numpy.array([[label in found for label in labels] for found in given])


def macro_f1(truth, given, weights=None):
    """Of one sample, or of each row of weights over documents."""
    weights = numpy.ones((1, len(truth))) if weights is None else weights
    hits, all_given, positives = (weights @ part.astype(float) for part in (truth & given, given, truth))
    return (2 * hits / numpy.maximum(all_given + positives, 1)).mean(axis=1)


def difference_interval(truth, a, b):
    random = numpy.random.default_rng(0)
    differences = []
    for _ in range(SAMPLES // 100):
        weights = random.multinomial(len(truth), numpy.full(len(truth), 1 / len(truth)), size=100).astype(float)
        differences.append(macro_f1(truth, a, weights) - macro_f1(truth, b, weights))
    return numpy.quantile(numpy.concatenate(differences), [0.025, 0.975])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--sets", default="ant_news_ar,arsarcasm_v2,davidson,goemotions,mlma,polar26")
    parser.add_argument("--train-options", default="", help="more for `narrative-frames train`")
    arguments = parser.parse_args()
    print("| set | rows | labels | scikit-learn | narrative-frames | difference | 95 % interval |\n|---|---|---|---|---|---|---|")
    for name in arguments.sets.split(","):
        parts = splits(arguments.data, name)
        labels = sorted({label for train, test in parts for row in train + test for label in row["labels"]})
        truth = numpy.concatenate([targets(test, labels) for _, test in parts])
        probabilities = numpy.concatenate([reference(train, test, labels) for train, test in parts])
        own = numpy.concatenate([ours(train, test, labels, shlex.split(arguments.train_options)) for train, test in parts])
        theirs = max((probabilities >= threshold for threshold in (0.5, 0.3)), key=lambda given: macro_f1(truth, given)[0])
        (peer,), (score,) = macro_f1(truth, theirs), macro_f1(truth, own)
        low, high = 100 * difference_interval(truth, own, theirs)
        print(f"| {name} | {len(truth)} | {len(labels)} | {100 * peer:.2f} | {100 * score:.2f} | {100 * (score - peer):+.2f} | {low:+.2f} to {high:+.2f} |",
              flush=True)


if __name__ == "__main__":
    main()
