"""Which units fit which applications, how well, and who gets which when all choose at once.

Pure: whole numbers in arrays, no database. Applications run down, units and sets of them across.
"""
