"""The image's health check: does the process of this container answer? Standard library only."""

import os
import sys
import urllib.request

PATHS = {"gateway": "/healthz"}
"""The gateway's `/readyz` speaks of the whole platform: no reason to restart the gateway."""


def main() -> int:
    """0 when it answers with 200, else 1."""
    service = os.environ["SERVICE"]
    port = os.environ[f"{service.upper()}_PORT"]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{PATHS.get(service, '/readyz')}", timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
