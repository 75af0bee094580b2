#!/usr/bin/env python3
"""Time and peak memory of `train` on a million short posts.

    python3 benches/peers/million.py [--rows 1000000] [--threads 2] [--most 16]

The posts are invented: 12 to 20 words of about 1,200 made-up ones, frequent and rare, 100 letters or so, and four labels that certain
words bring along, and chance as well. The same number of rows gives the same file. Two recipes: the default one, and the one of
`train.py` (no calibration, every n-gram). Says whether each stayed within 2 GiB; a run that needs more may take it, up to `--most` GiB of
address space.
"""
import argparse, itertools, pathlib, random, tempfile

import common

GOAL = 2048
SYLLABLES = "ba do fi ka le mi no pu ra si ta vo we zu lan der mon tis".split()
# Label: the rank of the word that brings it.
BRINGS = {"rain": 3, "sport": 50, "meal": 200, "book": 700}
CHANCE = 0.02


def posts(rows):
    chance = random.Random(7)
    words = sorted({"".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(2000)})
    chance.shuffle(words)
    shares = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(words))))
    for _ in range(rows):
        text = chance.choices(words, cum_weights=shares, k=chance.randint(12, 20))
        labels = [label for label, rank in BRINGS.items() if words[rank] in text or chance.random() < CHANCE]
        yield {"text": " ".join(text), "labels": labels}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--most", type=float, default=16.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "recipe.toml").write_text(common.RECIPE % 4.0)
        common.write(folder / "posts.jsonl", posts(arguments.rows))
        print(f"narrative-frames {common.version()}, {arguments.rows} rows, {arguments.threads} threads", flush=True)
        recipes = {"recipe of train.py": ["--recipe", folder / "recipe.toml"], "default recipe": ["--multi-label", "labels"]}
        for name, options in recipes.items():
            limited = ["prlimit", f"--as={int(arguments.most * 2**30)}", common.PROGRAM, "train", folder / "posts.jsonl"]
            command = [*limited, *options, "--output", folder / "model", "--threads", arguments.threads]
            try:
                seconds, _, memory = common.measured(command)
            except RuntimeError as error:
                if "memory allocation of" not in str(error):
                    raise
                print(f"{name}: needs more than {arguments.most} GiB of address space", flush=True)
                continue
            print(f"{name}: {seconds:.1f} s, {memory:.0f} MiB, {'within' if memory <= GOAL else 'over'} 2 GiB", flush=True)


if __name__ == "__main__":
    main()
