"""``python -m primum``."""

from primum.cli.app import main

if __name__ == "__main__":
    main()
