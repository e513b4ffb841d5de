"""The products of the math suite ("Imagine Math Facts | Imagine Math PreK-2 | Imagine Math 3+")."""

from products.datamap import Product

MATH_PREK_2 = Product("math_prek2", "Imagine Math PreK-2")
MATH_3_PLUS = Product("math_3plus", "Imagine Math 3+")
MATH_FACTS = Product("math_facts", "Imagine Math Facts")

ALL = (MATH_PREK_2, MATH_3_PLUS, MATH_FACTS)
