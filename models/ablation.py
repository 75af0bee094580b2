#!/usr/bin/env python3
"""What each part of the shipped recipe is worth: five folds of data/train.jsonl and data/dev.jsonl, whole meanings held out.

    cargo build --release && python3 models/ablation.py [NAME ...]

Calibration is learned on two folds instead of five, for time, in each variant alike. Prints, for each variant, means over folds with the half width of their 95 % interval (Student's t, four degrees of freedom). The test part
of the corpus and the functional suite are not touched.
"""
import hashlib, json, pathlib, statistics, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "target/release/narrative-frames"
CHANNELS = {
    "concept words": '{ view = "concept", unit = "word", n = [1, 2] }',
    "light words": '{ view = "light", unit = "word", n = [1, 2] }',
    "folded characters": '{ view = "folded", unit = "character", n = [2, 4] }',
    "skeleton characters": '{ view = "skeleton", unit = "character", n = [3, 4] }',
}
FIGURES = "frames micro-F1 | macro-F1 | average precision | stance where asked | stance end to end"
DOTLESS = '{ view = "dotless", unit = "character", n = [3, 4] }'
STEMS = '{ view = "stem", unit = "word", n = [1, 2] }'


def channels(*values):
    return ["features.channels=[%s]" % ", ".join(values)]


VARIANTS = {
    "the recipe": [],
    **{f"without {name}": channels(*(c for n, c in CHANNELS.items() if n != name)) for name in CHANNELS},
    "stem words for concept words": channels(STEMS, *list(CHANNELS.values())[1:]),
    "concept words 1..3": channels(*(c.replace("[1, 2]", "[1, 3]") if "concept" in c else c for c in CHANNELS.values())),
    "with dotless characters": channels(*CHANNELS.values(), DOTLESS),
    "characters 2..5": channels(*(c.replace("[2, 4]", "[2, 5]") for c in CHANNELS.values())),
    "all n-grams": ["features.max_features=10000000"],
    "45,000 n-grams": ["features.max_features=45000"],
    "c = 1": ["training.c=1.0"],
    "c = 16": ["training.c=16.0"],
    "classes as they are": ['training.class_weight="none"'],
    "rows of unit length": ["features.length={}"],
    "not asking first": ['heads.frames={kind="multi-label"}'],
    "not asking first, cut 0.4": ['heads.frames={kind="multi-label"}', "decision.threshold={probability=0.4}"],
    "without best_from": ['heads.frames={kind="multi-label", requires="framed"}'],
}


def run(*arguments):
    subprocess.run([PROGRAM, *map(str, arguments), "--threads", "1"], check=True, stdout=subprocess.DEVNULL)


def fold_of(row):
    return int(hashlib.sha256(("fold" + row["meaning_id"]).encode()).hexdigest(), 16) % 5


def corpus():
    return [json.loads(line) for part in ("train", "dev") for line in open(ROOT / f"data/{part}.jsonl", encoding="utf-8")]


def measure(learned, measured, folder, settings=()):
    """Trains on rows and measures on others: value and 95 % interval (None for average precision) of each figure; files go into a folder of its own."""
    folder.mkdir()
    model, report, train, test = (folder / name for name in ("model", "report", "train.jsonl", "test.jsonl"))
    for path, rows in ((train, learned), (test, measured)):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    options = [option for setting in ("calibration.folds=2", *settings) for option in ("--set", setting)]
    run("train", train, "--recipe", ROOT / "models/recipe.toml", "--group-field", "meaning_id", "--output", model, *options)
    run("evaluate", test, "--model", model, "--group-field", "meaning_id", "--json", report)
    heads = {head["head"]: head for head in json.loads(report.read_text())["heads"]}
    frames, stance, asked = (heads[name] for name in ("frames", "stance", "stance where frames gives a label"))
    found = (frames["micro_average"]["f1"], frames["macro_average"]["f1"], {"value": frames["macro_average"]["average_precision"]},
             asked["accuracy"], stance["accuracy"])
    return [(figure["value"], figure.get("low"), figure.get("high")) for figure in found]


def main():
    rows = corpus()
    print(f"{len(rows)} rows\n| variant | {FIGURES} |\n|---|---|---|---|---|---|")
    for name, settings in VARIANTS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            def one(fold):
                sides = [[row for row in rows if (fold_of(row) == fold) == held_out] for held_out in (False, True)]
                return measure(*sides, pathlib.Path(folder) / str(fold), settings)

            folds = list(pool.map(one, range(5)))
        cells = [f"{statistics.mean(values):.3f} ± {2.776 * statistics.stdev(values) / 5 ** 0.5:.3f}"
                 for values in ([value for value, _, _ in figures] for figures in zip(*folds))]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
