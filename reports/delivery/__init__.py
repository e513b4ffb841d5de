"""Reports by e-mail: a link each week, or before the reset. When is due stands here; for whom, in the district."""
