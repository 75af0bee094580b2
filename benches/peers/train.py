#!/usr/bin/env python3
"""Time and memory from raw text to a model: each side a process of its own, the sides in turns, medians.

    VENV/bin/pip install -r benches/peers/requirements.txt && cargo build --release
    VENV/bin/python benches/peers/train.py TRAIN.jsonl [--runs 3] [--c 4] [--threads 2]

Words 1..2 and characters inside words 3..5, as in `run.py`, whose scikit-learn and recipe these are.
* liblinear: the library itself (`liblinear-official`) on the matrix of scikit-learn's HashingVectorizer, one model a label, `-s 7` (dual) and `-s 0` (primal): the
  faster one for each label counts, after the time for the matrix; its other time is not counted. Intercept as a penalized constant, as ours.
* fastText: `wordNgrams 2, minn 3, maxn 5, epoch 25, loss ova`, the rest default; it reads a file of `__label__` lines, which is written beforehand.
* ours: the whole command, without calibration; `--threads` is for it and fastText, the other two have one.
Seconds do not count the start of Python and the reading of texts. Memory is the most that was resident, Python and texts included.
"""
import argparse, json, os, pathlib, statistics, subprocess, sys, tempfile, time

import run

SIDES = ("scikit-learn", "liblinear", "fastText", "ours")


def labels_of(rows):
    return sorted({label for row in rows for label in row["labels"]})


def scikit_learn(rows, arguments):
    return run.timed(run.ScikitLearn(arguments.c, rows, labels_of(rows)).train)[0]


def liblinear(rows, arguments):
    from liblinear.liblinearutil import parameter, problem, train

    peer = run.ScikitLearn(arguments.c, rows, labels_of(rows))
    seconds, matrix = run.timed(lambda: peer.features().fit_transform(peer.texts).tocsr())
    for column in range(peer.targets.shape[1]):
        prepared, target = run.timed(lambda: problem(peer.targets[:, column] * 2 - 1, matrix, bias=1))
        solve = lambda solver: run.timed(lambda: train(target, parameter(f"-s {solver} -c {arguments.c} -B 1 -q")))[0]
        seconds += prepared + min(solve(7), solve(0))
    return seconds


def fasttext_file(rows, path):
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            labels = " ".join("__label__" + label.replace(" ", "_") for label in row["labels"])
            out.write(labels + " " + " ".join(row["text"].split()) + "\n")


def fast_text(rows, arguments):
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "train.txt"
        fasttext_file(rows, path)
        settings = dict(wordNgrams=2, minn=3, maxn=5, epoch=25, loss="ova", thread=arguments.threads, verbose=0)
        return run.timed(lambda: fasttext.train_supervised(str(path), **settings).save_model(folder + "/model.bin"))[0]


def measured(command):
    """Seconds on the clock, last line of output and peak of resident memory in MiB of a process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command} ended with {status}")
    return time.perf_counter() - start, output.strip().rpartition("\n")[2], usage.ru_maxrss / 1024


def measure(side, arguments, folder):
    """Seconds and MiB."""
    if side != "ours":
        _, seconds, memory = measured([sys.executable, __file__, *sys.argv[1:], "--side", side])
        return float(seconds), memory
    command = [run.PROGRAM, "train", folder / "train.jsonl", "--recipe", folder / "recipe.toml", "--output", folder / "model"]
    seconds, _, memory = measured([*command, "--threads", str(arguments.threads)])
    return seconds, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--c", type=float, default=4.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sides", default=",".join(SIDES))
    parser.add_argument("--side", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    rows = run.read(arguments.train)
    if arguments.side:
        sides = {"scikit-learn": scikit_learn, "liblinear": liblinear, "fastText": fast_text}
        return print(sides[arguments.side](rows, arguments))
    sides = arguments.sides.split(",")
    found = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "recipe.toml").write_text(run.RECIPE % arguments.c)
        run.write(folder / "train.jsonl", rows)
        for _ in range(arguments.runs):
            for side in sides:
                found[side].append(measure(side, arguments, folder))
    print(f"{run.ScikitLearn.name}; {run.Ours.name}; {len(rows)} documents, {len(labels_of(rows))} labels, "
          f"{arguments.threads} threads, {arguments.runs} runs")
    print("| | seconds | times ours | MiB | times ours |\n|---|---|---|---|---|")
    medians = {side: [statistics.median(values) for values in zip(*runs)] for side, runs in found.items()}
    for side, (seconds, memory) in medians.items():
        own_seconds, own_memory = medians.get("ours", (float("nan"),) * 2)
        print(f"| {side} | {seconds:.2f} | {seconds / own_seconds:.1f} | {memory:.0f} | {memory / own_memory:.1f} |")


if __name__ == "__main__":
    main()
