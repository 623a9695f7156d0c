"""Bundles for separated networks: what the collector's journal tells, signed, one way, in order, each entry once."""
