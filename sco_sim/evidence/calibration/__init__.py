"""Fitting the ledger to the tables: fast likelihood stages first, then what only the coupled model can show."""
