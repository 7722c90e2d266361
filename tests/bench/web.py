"""`make bench-web`: how fast pages come on the full demo region with eight people at once, on loopback.

Prints the median and 99th percentile per page. Bounded: eight users, 60 seconds.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.site import BIN, ROOT, run_site

USERS, SECONDS = 8, 60
TARGET_MEDIAN, TARGET_P99 = 150, 500  # ms


def main() -> int:
    os.environ.setdefault("TESTING", "1")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        with run_site(home, "zelf_bench", workers=2) as site:
            subprocess.run(
                [
                    str(BIN / "locust"), "-f", str(ROOT / "tests/bench/people.py"), "--headless", "--host", site.url,
                    "--users", str(USERS), "--spawn-rate", "4", "--run-time", f"{SECONDS}s", "--only-summary",
                    "--csv", str(home / "result"), "--exit-code-on-error", "0",
                ],
                check=True, cwd=ROOT,
            )  # fmt: skip
        rows = [line.split(",") for line in (home / "result_stats.csv").read_text().splitlines()]
        columns = {name: number for number, name in enumerate(rows[0])}
        total = next(row for row in rows if row[columns["Name"]] == "Aggregated")
        median, p99 = float(total[columns["50%"]]), float(total[columns["99%"]])
        failures = int(total[columns["Failure Count"]])
    print(f"median {median:.0f} ms (target {TARGET_MEDIAN}), p99 {p99:.0f} ms (target {TARGET_P99}), failed {failures}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
