"""Pipeline document → checked graph → plan. Pure: no framework, no library of modules."""
