"""What happened in a district, for other programs: noted in the transaction of what happened, told afterwards."""
