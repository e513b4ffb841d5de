"""What a district keeps of transfers: what its codes offer, what it imports, and where imported records came from."""
