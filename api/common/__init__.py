"""What every address of the API keeps to: errors, pages, keys against doing twice."""
