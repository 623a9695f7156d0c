"""`python -m bongsu.cli`: the same command line, where no `bongsu` stands on the path."""

from bongsu.cli.app import main

if __name__ == "__main__":
    main()
