"""Every benchmark, one after the other: `python -m tests.benchmarks [name …]` (`make bench`).

Each is a module of its own and can be run alone. They print tables; nothing is asserted about time.
"""

import os
import subprocess
import sys

NAMES = ("entitlements", "identity", "shop", "gateway", "mails", "import", "wave", "revocation")


def main() -> int:
    """Run those that are named, else all; the number of those that broke."""
    wanted = sys.argv[1:] or NAMES
    broken = 0
    for name in wanted:
        print(f"\n== {name} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)", flush=True)
        broken += subprocess.run([sys.executable, "-m", f"tests.benchmarks.bench_{name}"], check=False).returncode != 0
    return broken


if __name__ == "__main__":
    raise SystemExit(main())
