"""What other programs use: access, the conventions of the field, and the resources."""
