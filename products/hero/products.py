"""Hero is one product."""

from products.datamap import Product

HERO = Product("hero", "Hero")

ALL = (HERO,)
