"""One fact's history against brute force: vintages in every order of arrival, every moment asked for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.records.history import State, Version, _read, insert

START = datetime(2021, 1, 1, tzinfo=UTC)
LAG = 3  # the day from which the first figure counts as known by its lag
Story = list[tuple[int, State]]  # day of publication, what is stated


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def told(story: Story) -> list[Version]:
    """The versions that stand after the deliveries of `story`, in their order of arrival; each speaks of the fact."""
    versions: list[Version] = []
    arrived: list[int] = []
    for delivery, (published, state) in enumerate(story, 1):
        before = [version for version in versions if version.vintage <= day(published)]
        stands = max(before, key=lambda version: (version.vintage, version.delivery)).state if before else None
        if state == stands:  # nothing new, or silence about a fact that no edition up to then had stated
            arrived.append(published)
            continue
        versions += insert(
            versions,
            claim=state,
            known_at=day(LAG) if not before else day(published),
            vintage=day(published),
            delivery=delivery,
            covering=sorted(day(other) for other in arrived if other > published),
        )
        arrived.append(published)
    return versions


def truth(story: Story, moment: datetime) -> State:
    """What the publisher had said by `moment`: the newest edition's word; the first figure counts from its lag."""
    editions = sorted(story, key=lambda edition: edition[0])
    while editions and editions[0][1] is None:
        editions = editions[1:]
    if not editions:
        return None
    first = min(day(LAG), day(editions[0][0]))
    heard = [state for published, state in editions if day(published) <= moment]
    if heard:
        return heard[-1]
    return editions[0][1] if moment >= first else None


STATES = st.sampled_from([None, (None,), (1.0,), (2.0,)])


@st.composite
def stories(draw: st.DrawFn) -> Story:
    days = draw(st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True))
    return [(published, draw(STATES)) for published in days]


@settings(max_examples=3000, deadline=None)
@given(stories())
def test_any_order_of_arrival_tells_the_same_history(story: Story) -> None:
    versions = told(story)
    for half in range(-1, 22):
        assert _read(versions, day(half / 2)) == truth(story, day(half / 2)), (half / 2, story)


@settings(max_examples=500, deadline=None)
@given(stories())
def test_versions_have_a_total_order_and_differ_from_the_one_before(story: Story) -> None:
    versions = told(story)
    places = [(version.known_at, version.delivery) for version in versions]
    assert len(places) == len(set(places))


@settings(max_examples=500, deadline=None)
@given(stories())
def test_in_the_order_of_publication_nothing_is_written_twice(story: Story) -> None:
    versions = told(sorted(story, key=lambda edition: edition[0]))
    states = [version.state for version in versions]
    assert all(one != other for one, other in pairwise(states))


@settings(max_examples=500, deadline=None)
@given(stories())
def test_what_arrives_again_adds_nothing(story: Story) -> None:
    versions = told(story)
    for published, state in story:
        if state is None and not any(version.vintage <= day(published) for version in versions):
            continue
        added = insert(
            versions,
            claim=state,
            known_at=day(published),
            vintage=day(published),
            delivery=99,
            covering=sorted(day(other) for other, _ in story if other > published),
        )
        assert added == []
