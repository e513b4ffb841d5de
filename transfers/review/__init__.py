"""Review and Match Students, and the tables of pending and completed imports with everything that hangs on them."""
