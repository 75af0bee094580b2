#!/usr/bin/env python3
"""One peer, from raw text to a model file, in a process of its own: `train.py` starts it and measures its memory.

    VENV/bin/python benches/peers/sides.py SIDE TRAIN.jsonl FOLDER [--c 4] [--threads 1]

Prints JSON: `version`, and seconds: `vectorizing`, `solving`, and `all` of raw text to model file. No side counts the start of Python, its
imports, the reading of JSON, or the writing of a text file in the peer's own format.
"""
import argparse, json, pathlib, pickle
from importlib.metadata import version

import numpy

import common


def targets(rows, labels):
    """1 where a document has a label, else 0."""
    index = {label: column for column, label in enumerate(labels)}
    table = numpy.zeros((len(rows), len(labels)), dtype=numpy.int64)
    for row, document in enumerate(rows):
        for label in document["labels"]:
            table[row, index[label]] = 1
    return table


def hashing():
    """Counts in 2^18 buckets a channel, idf, unit length by channel."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.pipeline import FeatureUnion, make_pipeline

    channel = lambda **kinds: make_pipeline(
        HashingVectorizer(n_features=2**18, alternate_sign=False, norm=None, **kinds), TfidfTransformer())
    return FeatureUnion([
        ("words", channel(analyzer="word", ngram_range=(1, 2))),
        ("characters", channel(analyzer="char_wb", ngram_range=(3, 5)))])


def logistic(c, threads=1):
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(solver="liblinear", dual=True, C=c, max_iter=1000), n_jobs=threads)


def scikit_learn(rows, folder, arguments):
    import joblib

    texts, truth, vectorizer = [row["text"] for row in rows], targets(rows, common.labels_of(rows)), hashing()
    model = logistic(arguments.c, arguments.threads)
    vectorizing, matrix = common.timed(lambda: vectorizer.fit_transform(texts))
    with joblib.parallel_config("threading"):  # liblinear runs without the interpreter's lock: no copies of the matrix
        solving = common.timed(lambda: model.fit(matrix, truth))[0]
    with open(folder / "model.pickle", "wb") as out:
        writing = common.timed(lambda: pickle.dump((vectorizer, model), out, protocol=5))[0]
    return vectorizing, solving, vectorizing + solving + writing


def liblinear(rows, folder, arguments):
    from liblinear.liblinearutil import parameter, problem

    texts, signs, vectorizer = [row["text"] for row in rows], targets(rows, common.labels_of(rows)) * 2.0 - 1, hashing()
    vectorizing, matrix = common.timed(lambda: vectorizer.fit_transform(texts).tocsr())
    solving, prepared = common.timed(lambda: problem(signs[:, 0], matrix, bias=1))
    weights = numpy.empty((signs.shape[1], prepared.n))
    for column in range(signs.shape[1]):
        solve = lambda solver: solved(prepared, signs[:, column], parameter(f"-s {solver} -c {arguments.c} -B 1 -q"))
        seconds, weights[column] = min(solve(7), solve(0), key=lambda found: found[0])
        solving += seconds
    # Its own format is text, which takes seconds.
    writing = common.timed(lambda: numpy.save(folder / "model.npy", weights))[0]
    return vectorizing, solving, vectorizing + solving + writing


def solved(prepared, signs, parameter):
    """Seconds of liblinear, and its weights, the intercept last, positive for the label."""
    from liblinear.liblinearutil import train

    numpy.ctypeslib.as_array(prepared.y, signs.shape)[:] = signs
    seconds, model = common.timed(lambda: train(prepared, parameter))
    positive = 1 if model.label[0] == 1 else -1
    return seconds, positive * numpy.ctypeslib.as_array(model.w, (prepared.n,))


def fast_text(rows, folder, arguments):
    import fasttext

    path = folder / "train.fasttext"
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            labels = " ".join("__label__" + label.replace(" ", "_") for label in row["labels"])
            out.write(labels + " " + " ".join(row["text"].split()) + "\n")
    settings = dict(wordNgrams=2, minn=3, maxn=5, epoch=25, loss="ova", thread=arguments.threads, verbose=0)
    return None, None, common.timed(lambda: fasttext.train_supervised(str(path), **settings).save_model(str(folder / "model.bin")))[0]


def vowpal_wabbit(rows, folder, arguments):
    from vowpalwabbit import Workspace

    path, labels = folder / "train.vw", common.labels_of(rows)
    index = {label: str(column) for column, label in enumerate(labels)}
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            words = row["text"].lower().replace(":", " ").replace("|", " ").split()
            letters = " ".join("_".join(words))
            out.write(f"{','.join(index[label] for label in row['labels'])} |w {' '.join(words)} |c {letters}\n")
    command = (f"--quiet --data {path} --multilabel_oaa {len(labels)} --loss_function logistic --bit_precision 22 "
               f"--ngram w2 --ngram c5 --final_regressor {folder / 'model.vw'}")
    return None, None, common.timed(lambda: Workspace(command).finish())[0]


SIDES = {
    "scikit-learn": (scikit_learn, "scikit-learn"),
    "liblinear": (liblinear, "liblinear-official"),
    "fastText": (fast_text, "fasttext-wheel"),
    "Vowpal Wabbit": (vowpal_wabbit, "vowpalwabbit"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("side", choices=SIDES)
    parser.add_argument("train")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--c", type=float, default=4.0)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    side, package = SIDES[arguments.side]
    vectorizing, solving, everything = side(list(common.read(arguments.train)), arguments.folder, arguments)
    print(json.dumps({"version": version(package), "vectorizing": vectorizing, "solving": solving, "all": everything}))


if __name__ == "__main__":
    main()
