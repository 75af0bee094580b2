"""Fails one input or output call of a job of `predict` after the other, and resumes it each time.

    cargo build --release
    python3 benches/faults/run.py [PROGRAM]

Needs Linux and strace, which makes the N-th call on the files of the job fail with ENOSPC, EIO or EINTR; once in a job that
begins, once in one that goes on. After each failure the program must have ended with an error, or with the right output;
and `--resume` must give the same bytes as a job that nobody disturbed. Prints what was tried; ends with 1 at the first loss.
"""

import collections
import itertools
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/narrative-frames")
CALLS = ("openat", "read", "write", "fsync", "ftruncate", "lseek", "rename", "unlink", "flock")
ERRORS = ("ENOSPC", "EIO", "EINTR")


class Job:
    def __init__(self, folder):
        self.folder = folder
        self.output = os.path.join(folder, "out")
        self.input = os.path.join(folder, "in.jsonl")
        with open(self.input, "w", encoding="utf-8") as file:
            for number in range(800):
                faulty = number % 40 == 7
                file.write("{\n" if faulty else '{"id":%d,"text":"heavy rain in town %d"}\n' % (number, number % 90))

    def command(self, *options):
        return [PROGRAM, "predict", self.input, "--output", self.output, "--checkpoint", "1000", "--threads", "1", *options]

    def run(self, command):
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)

    def paths(self):
        return [self.input] + [self.output + end for end in ("", ".partial", ".journal")]

    def clear(self):
        for path in self.paths()[1:]:
            if os.path.exists(path):
                os.remove(path)

    def with_fault(self, call, error, number, *options):
        """How it ended, and whether a call failed at all."""
        log = os.path.join(self.folder, "strace")
        paths = [word for path in self.paths() for word in ("-P", path)]
        strace = ["strace", "-f", "-q", "-o", log, *paths, "-e", f"trace={call}"]
        inject = ["-e", f"inject={call}:error={error}:when={number}"]
        ended = self.run(strace + inject + self.command(*options))
        with open(log, encoding="utf-8", errors="replace") as file:
            return ended, "(INJECTED)" in file.read()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def try_all(job, error, expected, begin, *options):
    """Every call in turn; what became of the job."""
    became = collections.Counter()
    for call in CALLS:
        for number in itertools.count(1):
            begin()
            ended, failed = job.with_fault(call, error, number, *options)
            if not failed:
                break
            became[end(job, ended, expected)] += 1
            if became["LOST"]:
                sys.exit(f"{error} at {call} {number}: {ended.returncode}, {ended.stderr.decode()}")
    return became


def end(job, ended, expected):
    """Resumes the job if it was not finished, and tells what became of it."""
    went_on = ended.returncode == 3
    if not went_on:
        if ended.returncode != 1 or not ended.stderr:
            return "LOST"
        ended = job.run(job.command("--resume"))
    complete = os.path.exists(job.output) and read(job.output) == expected
    rest = any(os.path.exists(path) for path in job.paths()[2:])
    if ended.returncode != 3 or not complete or rest:
        return "LOST"
    return "went on" if went_on else "told and resumed"


def main():
    with tempfile.TemporaryDirectory() as folder:
        job = Job(folder)
        assert job.run(job.command()).returncode == 3
        expected = read(job.output)
        job.clear()
        # A job that stops on half of its way.
        job.with_fault("write", "ENOSPC", 30)
        journal, partial = (read(job.output + end) for end in (".journal", ".partial"))

        def begun():
            job.clear()
            for end, content in ((".journal", journal), (".partial", partial)):
                with open(job.output + end, "wb") as file:
                    file.write(content)

        for error in ERRORS:
            for name, begin, options in (("beginning", job.clear, ()), ("going on", begun, ("--resume",))):
                became = try_all(job, error, expected, begin, *options)
                print(f"{error}, {name}: {sum(became.values())} calls, {dict(became)}", flush=True)


if __name__ == "__main__":
    if not shutil.which("strace"):
        sys.exit("strace is not there")
    main()
