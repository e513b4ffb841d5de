"""The readiness checklist: "How can I confirm my student data is correct for the new year?" (Hero source), computed.

One file an item; `registry` puts them in order, with those of the products. `outcomes` counts, `people` lists.
"""
