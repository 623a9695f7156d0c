"""From a rule's score to a signal's strength: what a quiet series does rarely is strong, whatever the layer."""

from collections.abc import Sequence

import numpy as np

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
RATES = (0.625, 0.25, 0.10, 0.04, 0.016)  # episodes a series and year that start at these strengths for no cause


def strength_on(ladder: Sequence[float], score: float | None) -> float:
    """Strength of a score.

    Args:
        ladder: for each of `RATES`, the lowest score that is reached no more often; measured, rule by rule.
        score: None: cannot be judged, strength 0.

    Returns:
        0–1, straight between the rungs.
    """
    return 0.0 if score is None else float(np.interp(score, ladder, STRENGTHS))
