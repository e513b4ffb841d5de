"""A report as somebody asks for it: filters of an address or a subscription, held against what they may see."""
