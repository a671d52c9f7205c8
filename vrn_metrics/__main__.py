"""`python -m vrn_metrics` is the `vrn` command."""

from vrn_metrics.cli import main

if __name__ == "__main__":
    main()
