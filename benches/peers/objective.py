#!/usr/bin/env python3
"""The objective that ours and liblinear reach on the *same* features, and liblinear's time for it.

    VENV/bin/python benches/peers/objective.py TRAIN.jsonl [--rows 5000] [--c 4]

Our program prints no matrix, so the texts are cut down to what every tokenizer reads alike: words of two or more lower-case letters a..z, no
letter more than twice in a row, a space between. scikit-learn's CountVectorizer then finds the same n-grams as ours, and our weights
(idf by 1/1024, see `Vectorizer`) are put on its counts. The script stops if the numbers of n-grams differ.
The objective is ½‖w‖² + C Σ ln(1 + exp(−y w·x)), the intercept penalized. Differences are relative to liblinear's `-s 0 -e 1e-6`,
a stand-in for the optimum.
"""
import argparse, pathlib, re, sys, tempfile

import numpy
from liblinear.liblinearutil import parameter, problem
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

import common, sides

WORD, RUN = re.compile("[a-z]{2,}"), re.compile(r"(.)\1{2,}")
OPTIONS = {"liblinear -s 7": "-s 7", "liblinear -s 0": "-s 0", "liblinear -s 0 -e 1e-6": "-s 0 -e 1e-6"}


def plain(text):
    return " ".join(RUN.sub(r"\1\1", word) for word in WORD.findall(text.lower()))


def weighted(counts):
    """Rows as ours: count · idf, divided by the root of the sum of count · idf²."""
    frequency = numpy.asarray((counts > 0).sum(axis=0)).ravel()
    idf = numpy.round(numpy.log((1 + counts.shape[0]) / (1 + frequency)) * 1024) / 1024
    squares = counts @ idf**2
    squares[squares == 0] = 1
    return sparse.diags(1 / numpy.sqrt(squares)) @ counts @ sparse.diags(idf)


def features(texts):
    kinds = [dict(token_pattern=r"\S+", ngram_range=(1, 2)), dict(analyzer="char_wb", ngram_range=(3, 5))]
    return sparse.hstack([weighted(CountVectorizer(**kind).fit_transform(texts).astype(float)) for kind in kinds]).tocsr()


def ours(rows, c):
    """Seconds of the whole command, number of n-grams, and objective of each label."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "recipe.toml").write_text(common.RECIPE % c)
        common.write(folder / "train.jsonl", rows)
        command = [common.PROGRAM, "train", folder / "train.jsonl", "--recipe", folder / "recipe.toml", "--output", folder / "model"]
        seconds, output, _ = common.measured([*command, "--threads", 1])
    n_grams = int(re.search(r"(\d+) features", output)[1])
    # Columns: head, label (spaces and all), positive, iterations, objective, gap.
    cells = [line.split() for line in output.splitlines() if line.startswith("labels ")]
    return seconds, n_grams, {" ".join(label): float(objective) for _, *label, _, _, objective, _ in cells}


def objective(weights, matrix, signs, c):
    margins = signs * (matrix @ weights[:-1] + weights[-1])
    return 0.5 * weights @ weights + c * numpy.logaddexp(0, -margins).sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("--rows", type=int, help="only the first rows")
    parser.add_argument("--c", type=float, default=4.0)
    arguments = parser.parse_args()
    rows = [{**row, "text": plain(row["text"])} for row in common.read(arguments.train, arguments.rows)]
    labels = common.labels_of(rows)
    seconds, n_grams, reached = ours(rows, arguments.c)
    matrix, signs = features([row["text"] for row in rows]), sides.targets(rows, labels) * 2.0 - 1
    if matrix.shape[1] != n_grams:
        sys.exit(f"not the same features: ours has {n_grams} n-grams, scikit-learn {matrix.shape[1]}")
    prepared = problem(signs[:, 0], matrix, bias=1)
    found, times = {"ours": numpy.array([reached[label] for label in labels])}, {}
    for name, options in OPTIONS.items():
        parameters = parameter(f"{options} -c {arguments.c} -B 1 -q")
        solutions = [sides.solved(prepared, column, parameters) for column in signs.T]
        times[name] = numpy.array([time for time, _ in solutions])
        found[name] = numpy.array([objective(weights, matrix, column, arguments.c) for (_, weights), column in zip(solutions, signs.T)])
    print(f"narrative-frames {common.version()}, liblinear {sides.version('liblinear-official')}; {len(rows)} documents, {len(labels)} labels, "
          f"{n_grams} n-grams on both sides\n")
    print("| | objective, summed | above the last | the worst label | solver, s |\n|---|---:|---:|---:|---:|")
    best = found["liblinear -s 0 -e 1e-6"]
    for name, values in found.items():
        clock = f"{times[name].sum():.2f}" if name in times else "–"
        print(f"| {name} | {values.sum():.3f} | {values.sum() / best.sum() - 1:.1e} | {(values / best - 1).max():.1e} | {clock} |")
    faster = numpy.minimum(times["liblinear -s 7"], times["liblinear -s 0"]).sum()
    print(f"\nliblinear's solver, the faster of the first two by label: {faster:.2f} s. The whole of ours from text to file, one thread: {seconds:.2f} s.")


if __name__ == "__main__":
    main()
