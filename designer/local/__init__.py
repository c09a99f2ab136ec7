"""The embedded installation: broker, workers and server on this machine, for `make run`."""
