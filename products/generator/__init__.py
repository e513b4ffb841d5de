"""Made-up districts of any size: a OneRoster bundle, and several years of product data. Nobody in them exists.

Everything follows from the seed: the same seed gives the same bundle, byte for byte, on every machine. Nothing holds a
district in memory: people are made family by family and written as they come; product data is made by PostgreSQL from
the roster that was imported. A suite joins in with `products/<suite>/generator.py` (see `products.generator.fill`).

| file | what it makes |
| --- | --- |
| `dice.py` | numbers and ids that follow from the seed |
| `names.py` | given and family names in a dozen languages |
| `plan.py` | the schools of a district of N students, and its calendar |
| `families.py` | families with their children, and what each school year brings to them |
| `sections.py` | courses, classes, teachers |
| `bundle.py` | the OneRoster 1.2 bundle of a school year |
| `fill.py`, `setting.py`, `services.py` | product data |
"""
