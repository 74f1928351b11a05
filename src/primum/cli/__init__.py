"""The command line: words in, words out. It decides nothing."""
