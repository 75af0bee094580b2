"""What the scripts of this folder share. Standard library only: a process counts the memory of the one that started it
(`ru_maxrss` of a child begins at its parent's), so the one that measures stays small."""
import gzip, itertools, json, os, pathlib, subprocess, tempfile, time

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("NARRATIVE_FRAMES", ROOT / "target/release/narrative-frames")
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


def read(path, limit=None):
    """The first records of a file of JSON lines, gzip or not, one at a time; all if no number is given."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, itertools.islice(lines, limit))


def write(path, rows):
    """Writes texts and labels as JSON lines; returns the number of rows and of labels."""
    count, labels = 0, set()
    with open(path, "w", encoding="utf-8") as out:
        for count, row in enumerate(rows, 1):
            out.write(json.dumps({"text": row["text"], "labels": row["labels"]}, ensure_ascii=False) + "\n")
            labels.update(row["labels"])
    return count, len(labels)


def labels_of(rows):
    return sorted({label for row in rows for label in row["labels"]})


def timed(function):
    """Seconds and what the function gives."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def measured(command):
    """Seconds on the clock, standard output, and the most memory that was resident, in MiB, of a process; an error with what it said if it failed."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        environment = {**os.environ, **ONE_THREAD}
        child = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} ended with {child.returncode}: {errors.read()}")
    return seconds, output, usage.ru_maxrss / 1024


def version():
    return subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
