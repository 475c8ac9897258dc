"""`python -m api` is `sentinelmarket`."""

from api.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
