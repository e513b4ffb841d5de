"""Export before destroy: a reset that deletes waits for the year's download, for so long as its window allows."""
