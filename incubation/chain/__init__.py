"""Statistics of the chain: pure functions over frames of residencies (``selectors.chain``).

Each answers with cells: what is counted → the keys of the tenants counted, so that every number
can open its rows.
"""
