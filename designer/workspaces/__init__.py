"""People, workspaces and the tokens by which they are known."""
