"""The certificate on paper: a tagged PDF (PDF/A-3a, PDF/UA-1) that holds its own signed JSON and is signed whole."""
