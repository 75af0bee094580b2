#!/usr/bin/env python3
"""What simpler means reach on the project's corpus: data/train.jsonl to learn from, data/test.jsonl to be measured on.

    VENV/bin/python benches/peers/baselines.py

Frames: macro-F1 over twelve labels, every cut chosen in five folds of the training part. Stance: accuracy on rows with a frame.
* keywords: the words of the frame's own names in the taxonomy.
* length: numbers of words, letters and digits.
* stance cues: only the words that stand in rows of at least ten of the twelve frames, so hardly a topic word.
* scikit-learn: TF-IDF of words 1..2 and characters 2..5, liblinear, class_weight balanced.
"""
import collections, json, pathlib, re, tomllib

import numpy
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORD = re.compile(r"\w+")
read = lambda part: [json.loads(line) for line in open(ROOT / f"data/{part}.jsonl", encoding="utf-8")]
train, test = read("train"), read("test")
taxonomy = tomllib.load(open(ROOT / "data/taxonomy.toml", "rb"))
frames = sorted({frame for row in train for frame in row["frames"]})
truth = lambda rows: numpy.array([[frame in row["frames"] for frame in frames] for row in rows])
groups = [row["meaning_id"] for row in train]
model = lambda: LogisticRegression(C=4, solver="liblinear", class_weight="balanced", dual=False, max_iter=300)


def cut(scores, positive):
    order = numpy.argsort(-scores)
    hits = numpy.cumsum(positive[order])
    f1 = 2 * hits / (numpy.arange(1, len(order) + 1) + positive.sum())
    return scores[order][f1.argmax()]


def learned(inputs, tests):
    found = numpy.zeros((len(test), len(frames)), bool)
    for label in range(len(frames)):
        positive = truth(train)[:, label]
        folds = cross_val_predict(model(), inputs, positive, cv=GroupKFold(5), groups=groups, method="decision_function")
        found[:, label] = model().fit(inputs, positive).decision_function(tests) >= cut(folds, positive)
    framed = [row for row in range(len(train)) if train[row]["stance"]]
    asked = [row for row in range(len(test)) if test[row]["stance"]]
    stance = LogisticRegression(C=4, class_weight="balanced", max_iter=2000).fit(inputs[framed], [train[row]["stance"] for row in framed])
    return found, accuracy_score([test[row]["stance"] for row in asked], stance.predict(tests[asked]))


def report(name, found, accuracy):
    print(f"| {name} | {f1_score(truth(test), found, average='macro', zero_division=0):.3f} | {accuracy:.3f} |", flush=True)


asked = [row["stance"] for row in test if row["stance"]]
print("| baseline | frames, macro-F1 | stance, accuracy |\n|---|---|---|")
report("majority", numpy.zeros_like(truth(test)), collections.Counter(asked).most_common(1)[0][1] / len(asked))
names = {frame["id"]: {word.lower() for key in ("name_en", "name_ar") for word in WORD.findall(frame[key]) if len(word) > 3}
         for frame in taxonomy["frame"]}
hits = numpy.array([[bool(names[frame] & {word.lower() for word in WORD.findall(row["text"])}) for frame in frames] for row in test])
report("keywords", hits, float("nan"))
lengths = lambda rows: csr_matrix([[len(WORD.findall(row["text"])) / 40, len(row["text"]) / 250, sum(c.isdigit() for c in row["text"])] for row in rows])
report("length", *learned(lengths(train), lengths(test)))
seen = collections.defaultdict(set)
for row in train:
    for word in WORD.findall(row["text"].lower()):
        seen[word].update(row["frames"])
common = {word for word, of in seen.items() if len(of) >= 10}
masked = lambda rows: [" ".join(word if word in common else "_" for word in WORD.findall(row["text"].lower())) for row in rows]
words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
report("stance cues", *learned(words.fit_transform(masked(train)), words.transform(masked(test))))
vectors = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)]
texts = lambda rows: [row["text"] for row in rows]
inputs = hstack([vector.fit_transform(texts(train)) for vector in vectors]).tocsr()
tests = hstack([vector.transform(texts(test)) for vector in vectors]).tocsr()
report("scikit-learn", *learned(inputs, tests))
