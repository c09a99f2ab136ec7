"""From a plan to a program that needs nothing of ours: the modules' own source, followed name by name."""
