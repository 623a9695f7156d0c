"""Our rule for prices: how unusual for this series is its rise over one, three, six and twelve months, on average?

Kin to the FAO's index (IFPA), with four differences. It works on logarithms, so that a rise and the fall that undoes
it weigh the same. It looks at one and six months too: a jump is seen in its first month, and a score that looks at
twelve months alone rings on for a year and is not heard when the next thing happens. The spread is that of all months,
fading by half in ten years, not of ten same months; it starts from what commodity prices usually do and so neither
rings nor fails on a young series, an annual contract price or one quoted in steps. And a single wild month counts at
most `CLIP` times the spread when the spread is learnt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bongsu.detectors.panel import Panel
from bongsu.detectors.rule import OURS, PRICE, Rule
from bongsu.indicators.ifpa import YEAR
from bongsu.indicators.series import Values, shifted
from bongsu.language import Text

MONTHS = (1, 3, 6, 12)  # over which a rise is measured
FEWEST = 2  # of these that must be known
WARM_UP = 36  # known months that must stand before one that is judged
HALF_LIFE = 10.0  # years in which what a series used to do fades by half
USUAL = 0.05  # what a commodity's price moves in a month (logarithm), taken for granted of a series just begun
USUAL_WEIGHT = 12.0  # months' worth of that belief
CALM_YEARS = 3.0  # years' worth of the belief that there is no season
CLIP = 5.0  # spreads

Stack = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # horizons × series


@dataclass
class _Habit:
    """What each series used to do, horizon by horizon: the spread of all months and the mean of each calendar month."""

    squares: Stack
    months: Stack
    season: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]
    years: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]

    def spread(self, usual: Stack, weight: float) -> Stack:
        """Root mean square of past surprises, begun at `usual`."""
        found: Stack = np.sqrt((self.squares + weight * usual**2) / (self.months + weight))
        return found

    def mean(self, month: int, calm_years: float) -> Stack:
        """Mean rise in this calendar month, shrunk towards none."""
        found: Stack = self.season[month] / (self.years[month] + calm_years)
        return found

    def learn(self, rise: Stack, surprise: Stack, month: int, fade: float) -> None:
        """Take one month in; what is unknown teaches nothing."""
        known = np.isfinite(rise)
        monthly = fade ** (1 / YEAR)
        self.squares[:] = np.where(known, monthly * self.squares + np.nan_to_num(surprise) ** 2, self.squares)
        self.months[:] = np.where(known, monthly * self.months + 1, self.months)
        self.season[month] = np.where(known, fade * self.season[month] + np.nan_to_num(rise), self.season[month])
        self.years[month] = np.where(known, fade * self.years[month] + 1, self.years[month])


def price_rise(
    prices: Values,
    *,
    half_life: float = HALF_LIFE,
    usual: float = USUAL,
    usual_weight: float = USUAL_WEIGHT,
    calm_years: float = CALM_YEARS,
    clip: float = CLIP,
) -> Values:
    """Score of every month of every series, in standard deviations.

    Args:
        prices: series × months; NaN or not positive is unknown.
        half_life: years.
        usual: standard deviation of a month's log change that a new series is taken to have.
        usual_weight: months.
        calm_years: years.
        clip: spreads.
    """
    logs = np.log(np.where(prices > 0, prices, np.nan))
    rises = [logs - shifted(logs, months) for months in MONTHS]
    judged = np.cumsum(np.isfinite(logs), axis=1) > WARM_UP
    scores = np.full(prices.shape, np.nan)
    belief = usual * np.sqrt(np.array(MONTHS, dtype=np.float64))[:, None]
    steps = _standardised(rises, belief, usual_weight, calm_years, clip, 0.5 ** (1 / half_life))
    for month, standard in enumerate(steps):
        count = np.isfinite(standard).sum(axis=0)
        enough = judged[:, month] & np.isfinite(logs[:, month]) & (count >= FEWEST)
        scores[enough, month] = np.nansum(standard[:, enough], axis=0) / count[enough]
    return scores


def _standardised(
    rises: list[Values], belief: Stack, weight: float, calm_years: float, clip: float, fade: float
) -> Iterator[Stack]:
    """Month by month, horizons × series: the rise, less the season's, over the spread of the months before."""
    series, months = rises[0].shape
    flat, by_month = np.zeros((len(rises), series)), np.zeros((YEAR, len(rises), series))
    habit = _Habit(flat, flat.copy(), by_month, by_month.copy())
    for column in range(months):
        rise = np.stack([values[:, column] for values in rises])
        spread, mean = habit.spread(belief, weight), habit.mean(column % YEAR, calm_years)
        yield (rise - mean) / spread
        most = clip * spread
        surprise = np.clip(rise - mean, -most, most)
        habit.learn(np.clip(rise, -most, most), surprise, column % YEAR, fade)


def score(panel: Panel, **constants: float) -> Values:
    """The score of each month: `price_rise` of the panel's prices."""
    return price_rise(panel.values, **constants)


RULES = (
    Rule(
        id=OURS,
        layer=PRICE,
        name=Text("가격 상승(1·3·6·12개월)", "Rise of a price over 1, 3, 6 and 12 months"),
        formula="mean over h = 1, 3, 6, 12 of (ln P_t − ln P_{t−h} − m_h) / s_h; m_h: mean of the same calendar month in "
        "earlier years, shrunk by 3 years of none; s_h: root mean square of earlier surprises, cut at 5 s_h, begun with "
        "12 months of 0.05 √h; both fade by half in 10 years",
        source="after Baquedano, F. (2015), FAO (IFPA); shrinkage and constants are ours (docs/develop)",
        score=score,
        constants=MappingProxyType(
            {
                "half_life": HALF_LIFE,
                "usual": USUAL,
                "usual_weight": USUAL_WEIGHT,
                "calm_years": CALM_YEARS,
                "clip": CLIP,
            }
        ),
        grid=MappingProxyType({"half_life": (5.0, 10.0, 20.0), "usual_weight": (12.0, 24.0), "clip": (3.0, 5.0)}),
    ),
)
