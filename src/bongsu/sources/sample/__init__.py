"""The sample lake: figures that may be passed on, packed with Bongsu so that a first run needs no network.

No source of its own: `load` delivers each extract under the source that it came from. `extract` made them.
"""
