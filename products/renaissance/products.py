"""The Renaissance products whose records move from site to site (renaissance-student-transfer)."""

from products.datamap import Product

STAR_READING = Product("star_reading", "Star Reading")
STAR_MATH = Product("star_math", "Star Math")
STAR_EARLY_LITERACY = Product("star_early_lit", "Star Early Literacy")
STAR_CBM = Product("star_cbm", "Star CBM")
ACCELERATED_READER = Product("accelerated_reader", "Accelerated Reader")

STAR = (STAR_READING, STAR_MATH, STAR_EARLY_LITERACY)
MASTERY = (STAR_READING, STAR_MATH, STAR_EARLY_LITERACY)
ALL = (*STAR, STAR_CBM, ACCELERATED_READER)
