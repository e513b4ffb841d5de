"""Real brokers, workers and beats: children of the test, that can be killed and never outlive it."""
