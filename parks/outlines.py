def refuse_bad_outlines(results, *, sources=()):
    return None
