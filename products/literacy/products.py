"""The products of the literacy suite ("This article applies to the following products")."""

from products.datamap import Product

LANGUAGE_LITERACY = Product("language_literacy", "Imagine Language & Literacy")
ESPANOL = Product("espanol", "Imagine Español")
READING = Product("reading", "Imagine Reading")
LECTURA = Product("lectura", "Imagine Lectura")

ALL = (LANGUAGE_LITERACY, ESPANOL, READING, LECTURA)
LANGUAGE_AND_ESPANOL = (LANGUAGE_LITERACY, ESPANOL)
LANGUAGE_ONLY = (LANGUAGE_LITERACY,)
