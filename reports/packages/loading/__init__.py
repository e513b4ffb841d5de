"""Reading a package back: checked as a whole first, then loaded in one transaction, or not at all."""
