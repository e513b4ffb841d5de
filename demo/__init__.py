"""The demo: a whole year's end of three fictional districts, on a simulated clock. Never installed in production."""
