"""Downloads of reports: small ones stream at once, large ones are prepared by the worker and kept for some days."""
