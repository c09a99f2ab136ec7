"""One file for each kind of doubt."""
