"""How to mend what a rule has found, where that is clear; None where it is not."""
