"""The sessions app with one more migration."""
