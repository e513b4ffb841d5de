"""The pages of Hero's settings: the summer switches; codes and actions, with the warning before the archive."""
