"""How we calculate: statistics on plain numbers and arrays, with no word of the domain."""
