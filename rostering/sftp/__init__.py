"""Bundles that arrive by SFTP: one account and folder per district, keys only, whole files only."""
