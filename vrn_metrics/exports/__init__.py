"""Results on their way out: the JSON contract, tables and CSV."""
