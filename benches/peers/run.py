#!/usr/bin/env python3
"""What a user would pick instead, on the same text, the same n-grams and the same machine, in one run.

    python3 -m venv VENV && VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release --bins --example throughput
    VENV/bin/python benches/peers/run.py TRAIN.jsonl TEST.jsonl [--runs 3] [--c 4]

TRAIN and TEST hold {"text": ..., "labels": [...]} a line, gzip or not. Both sides use words 1..2 and characters inside
words 3..5, tf, idf, one length by channel, one-vs-rest L2 logistic regression with penalized intercepts, one
thread. Training is from raw text to a model. scikit-learn: HashingVectorizer with 2^18 buckets a channel, liblinear in
the dual. Ours: the whole command `train`, process start, JSON and the written file included, without calibration,
n-grams of every document frequency. Scoring is from raw texts in memory to the probability of every label:
scikit-learn's vectorizer and a product with the dense weights, and the example `throughput`. Medians over runs; the
two sides take turns.
"""
import argparse, gzip, json, os, pathlib, statistics, subprocess, tempfile, time

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
import numpy, scipy, sklearn  # noqa: E402  (threads must be set first)
from scipy.special import expit
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/release/narrative-frames"
THROUGHPUT = ROOT / "target/release/examples/throughput"
RECIPE = """
[features]
min_df = 1
channels = [
    { view = "light", unit = "word", n = [1, 2] },
    { view = "folded", unit = "character", n = [3, 5] },
]
[training]
c = %r
prior = "same"
[calibration]
method = "none"
[heads.labels]
kind = "multi-label"
"""


def read(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({"text": row["text"], "labels": row["labels"]}, ensure_ascii=False) + "\n")


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


class ScikitLearn:
    name = f"scikit-learn {sklearn.__version__} (numpy {numpy.__version__}, scipy {scipy.__version__})"

    def __init__(self, c, train, labels):
        self.c = c
        self.texts = [row["text"] for row in train]
        index = {label: column for column, label in enumerate(labels)}
        self.targets = numpy.zeros((len(train), len(labels)), dtype=numpy.int64)
        for row, document in enumerate(train):
            for label in document["labels"]:
                self.targets[row, index[label]] = 1

    def features(self):
        channel = lambda **kinds: make_pipeline(
            HashingVectorizer(n_features=2**18, alternate_sign=False, norm=None, **kinds), TfidfTransformer())
        return FeatureUnion([
            ("words", channel(analyzer="word", ngram_range=(1, 2))),
            ("characters", channel(analyzer="char_wb", ngram_range=(3, 5)))])

    def train(self):
        self.vectorizer = self.features()
        matrix = self.vectorizer.fit_transform(self.texts)
        solver = LogisticRegression(solver="liblinear", dual=True, C=self.c, max_iter=1000)
        model = OneVsRestClassifier(solver).fit(matrix, self.targets)
        self.weights = numpy.vstack([one.coef_ for one in model.estimators_]).T.astype(numpy.float32).copy()
        self.intercepts = numpy.hstack([one.intercept_ for one in model.estimators_])

    def score(self, texts):
        return expit(self.vectorizer.transform(texts).astype(numpy.float32) @ self.weights + self.intercepts)


class Ours:
    name = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout.strip()

    def __init__(self, c, folder, train, test):
        self.recipe, self.model = folder / "recipe.toml", folder / "model.safetensors"
        self.recipe.write_text(RECIPE % c)
        self.training, self.posts = folder / "train.jsonl", folder / "test.jsonl"
        write(self.training, train)
        write(self.posts, test)

    def train(self):
        subprocess.run(
            [PROGRAM, "train", self.training, "--recipe", self.recipe, "--output", self.model, "--threads", "1"],
            check=True, stdout=subprocess.DEVNULL)

    def score(self):
        """Seconds, as the example measures them: without reading the model and the texts."""
        run = subprocess.run([THROUGHPUT, self.posts, self.model], check=True, capture_output=True, text=True)
        return float(run.stdout.split(" posts in ")[1].split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10, help="how often the test texts are scored")
    parser.add_argument("--c", type=float, default=4.0)
    arguments = parser.parse_args()
    train, test = read(arguments.train), read(arguments.test) * arguments.copies
    texts = [row["text"] for row in test]
    labels = sorted({label for row in train for label in row["labels"]})
    times = {"train": ([], []), "score": ([], [])}
    with tempfile.TemporaryDirectory() as folder:
        peer = ScikitLearn(arguments.c, train, labels)
        ours = Ours(arguments.c, pathlib.Path(folder), train, test)
        for _ in range(arguments.runs):
            times["train"][0].append(timed(peer.train)[0])
            times["train"][1].append(timed(ours.train)[0])
            times["score"][0].append(timed(lambda: peer.score(texts))[0])
            times["score"][1].append(ours.score())
    print(f"{peer.name}\n{ours.name}\n{len(train)} documents, {len(labels)} labels to train; {len(test)} to score; one thread")
    print(f"{'':8}{'scikit-learn':>14}{'ours':>10}{'ratio':>8}")
    for step, (theirs, own) in times.items():
        theirs, own = statistics.median(theirs), statistics.median(own)
        print(f"{step:8}{theirs:12.2f} s{own:8.2f} s{theirs / own:7.1f}x")


if __name__ == "__main__":
    main()
