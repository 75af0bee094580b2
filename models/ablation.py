#!/usr/bin/env python3
"""What each part of the shipped recipe is worth: five folds of data/train.jsonl and data/dev.jsonl, whole meanings held out.

    cargo build --release && python3 models/ablation.py [NAME ...]

Prints, for each variant, means over folds with the half width of their 95 % interval (Student's t, four degrees of freedom). The test part
of the corpus and the functional suite are not touched.
"""
import hashlib, json, pathlib, statistics, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "target/release/narrative-frames"
CHANNELS = {
    "stem words": '{ view = "stem", unit = "word", n = [1, 2] }',
    "light words": '{ view = "light", unit = "word", n = [1, 2] }',
    "folded characters": '{ view = "folded", unit = "character", n = [2, 4] }',
    "skeleton characters": '{ view = "skeleton", unit = "character", n = [3, 4] }',
}
DOTLESS = '{ view = "dotless", unit = "character", n = [3, 4] }'


def channels(*values):
    return ["features.channels=[%s]" % ", ".join(values)]


VARIANTS = {
    "the recipe": [],
    **{f"without {name}": channels(*(c for n, c in CHANNELS.items() if n != name)) for name in CHANNELS},
    "with dotless characters": channels(*CHANNELS.values(), DOTLESS),
    "characters 2..5": channels(*(c.replace("[2, 4]", "[2, 5]") for c in CHANNELS.values())),
    "all n-grams": ["features.max_features=10000000"],
    "45,000 n-grams": ["features.max_features=45000"],
    "c = 2": ["training.c=2.0"],
    "c = 32": ["training.c=32.0"],
    "classes as they are": ['training.class_weight="none"'],
}


def run(*arguments):
    subprocess.run([PROGRAM, *map(str, arguments), "--threads", "1"], check=True, stdout=subprocess.DEVNULL)


def fold_of(row):
    return int(hashlib.sha256(("fold" + row["meaning_id"]).encode()).hexdigest(), 16) % 5


def measure(rows, settings, fold, folder):
    model, report = folder / f"model{fold}", folder / f"report{fold}"
    train, test = folder / f"train{fold}.jsonl", folder / f"test{fold}.jsonl"
    for path, chosen in ((train, lambda row: fold_of(row) != fold), (test, lambda row: fold_of(row) == fold)):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows if chosen(row)), encoding="utf-8")
    options = [option for setting in settings for option in ("--set", setting)]
    run("train", train, "--recipe", ROOT / "models/recipe.toml", "--group-field", "meaning_id", "--output", model, *options)
    run("evaluate", test, "--model", model, "--json", report)
    frames, stance, asked = json.loads(report.read_text())["heads"][:3]
    return (frames["micro_average"]["f1"]["value"], frames["macro_average"]["f1"]["value"],
            frames["macro_average"]["average_precision"], asked["accuracy"]["value"], stance["accuracy"]["value"])


def main():
    rows = [json.loads(line) for part in ("train", "dev") for line in open(ROOT / f"data/{part}.jsonl", encoding="utf-8")]
    print(f"{len(rows)} rows\n| variant | frames micro-F1 | macro-F1 | average precision | stance where asked | stance end to end |")
    print("|---|---|---|---|---|---|")
    for name, settings in VARIANTS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
            folds = list(pool.map(lambda fold: measure(rows, settings, fold, pathlib.Path(folder)), range(5)))
        cells = [f"{statistics.mean(values):.3f} ± {2.776 * statistics.stdev(values) / 5 ** 0.5:.3f}" for values in zip(*folds)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
