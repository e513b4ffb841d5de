"""Who of other programs may come in, with what, from where and until when."""
