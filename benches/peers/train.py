#!/usr/bin/env python3
"""Time and memory from raw text to a model file: each side a process of its own, the sides in turns, medians.

    VENV/bin/pip install -r benches/peers/requirements.txt && cargo build --release
    VENV/bin/python benches/peers/train.py TRAIN.jsonl [--runs 3] [--c 4] [--rows 5000] [--sides 'ours:1,ours:2,fastText:2']

Words 1..2 and characters inside words 3..5, one-vs-rest; the number of threads stands behind each side. NARRATIVE_FRAMES is the program to
measure if it is not `target/release/narrative-frames`.
* scikit-learn: HashingVectorizer with 2^18 buckets a channel, idf, liblinear in the dual; two threads solve two labels at once.
* liblinear: the library itself, at its default tolerances, on the matrix of scikit-learn's HashingVectorizer (no faster vectorizer was looked
  for), one model a label, `-s 7` (dual) and `-s 0` (primal): the faster one for each label counts. Intercept as a penalized constant, as ours.
* fastText: `wordNgrams 2, minn 3, maxn 5, epoch 25, loss ova`, the rest default: another model (a hidden layer) with another objective.
* Vowpal Wabbit: one pass, logistic loss, `multilabel_oaa`, 2^22 weights: online learning with another objective, far less work, and characters
  1..5 across words, since it knows no others.
* ours: the whole command, process start, reading of JSON and the written file included, without calibration.
Seconds of the others begin after the start of Python, imports, and reading (see `sides.py`), which favours them. Memory is the most
that was resident, Python and texts included. Whether the objective is the same as liblinear's: `objective.py`.
"""
import argparse, hashlib, json, pathlib, statistics, sys, tempfile

import common

SIDES = "scikit-learn:1,scikit-learn:2,liblinear:1,fastText:1,fastText:2,Vowpal Wabbit:1,ours:1,ours:2"


def ours(threads, folder):
    model = folder / "model"
    command = [common.PROGRAM, "train", folder / "train.jsonl", "--recipe", folder / "recipe.toml", "--output", model]
    seconds, _, memory = common.measured([*command, "--threads", threads])
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    return {"version": common.version(), "vectorizing": None, "solving": None, "all": seconds, "memory": memory, "model": digest}


def peer(name, threads, folder, c):
    script = pathlib.Path(__file__).with_name("sides.py")
    with tempfile.TemporaryDirectory(dir=folder) as own:
        command = [sys.executable, script, name, folder / "train.jsonl", own, "--c", c, "--threads", threads]
        _, output, memory = common.measured(command)
    return {**json.loads(output.splitlines()[-1]), "memory": memory}


def table(found):
    median = lambda side, key: statistics.median(run[key] for run in found[side])
    times = lambda side, key, own: f"{median(side, key) / median(own, key):.1f}" if own in found else "–"
    print("| side | threads | vectorizing, s | solving, s | all, s | times ours:1 | times ours:2 | MiB | times ours:1 | times ours:2 |")
    print("|---|" + "---:|" * 9)
    for side, runs in found.items():
        name, threads = side.rsplit(":", 1)
        cells = [f"{name} {runs[0]['version']}", threads]
        cells += ["–" if runs[0][key] is None else f"{median(side, key):.2f}" for key in ("vectorizing", "solving", "all")]
        cells += [times(side, "all", own) for own in ("ours:1", "ours:2")]
        cells += [f"{median(side, 'memory'):.0f}", *(times(side, "memory", own) for own in ("ours:1", "ours:2"))]
        print(f"| {' | '.join(cells)} |")
    if {"liblinear:1", "ours:1"} <= set(found):
        print(f"\nliblinear's solver alone takes {median('liblinear:1', 'solving') / median('ours:1', 'all'):.1f} times as long as the whole of ours "
              "on one thread, of which our solver, not timed by itself, is a part.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--c", type=float, default=4.0)
    parser.add_argument("--rows", type=int, help="only the first rows")
    parser.add_argument("--sides", default=SIDES)
    arguments = parser.parse_args()
    found = {side: [] for side in arguments.sides.split(",")}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "recipe.toml").write_text(common.RECIPE % arguments.c)
        documents, labels = common.write(folder / "train.jsonl", common.read(arguments.train, arguments.rows))
        for _ in range(arguments.runs):
            for side, runs in found.items():
                name, threads = side.rsplit(":", 1)
                runs.append(ours(threads, folder) if name == "ours" else peer(name, threads, folder, arguments.c))
    print(f"{documents} documents, {labels} labels, c {arguments.c}; medians of {arguments.runs} runs; Python {sys.version.split()[0]}\n")
    table(found)
    models = {run["model"] for side, runs in found.items() if side.startswith("ours:") for run in runs}
    print(f"Different models of ours, over all runs and numbers of threads: {len(models)}.")


if __name__ == "__main__":
    main()
