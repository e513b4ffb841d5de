"""Made-up pairs of districts: what the model is trained on ahead (without the labels) and measured with (with them)."""
