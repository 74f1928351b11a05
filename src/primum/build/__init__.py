"""The workflow that makes instruments: so far, the training of the embedded judge."""
