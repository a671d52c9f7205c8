"""Colours: dark enough to be seen on both grounds, and never the only thing that tells."""

import re
from itertools import pairwise

import pytest

from tests.browser.looking import GROUNDS, contrast, luminance
from vrn_metrics.analyses.programme import State
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.charts import funnel, series
from vrn_metrics.maps import districts, hotspots
from vrn_metrics.ui import frame

WHITE = (255, 255, 255)


def colour(written):
    """The parts of *#12436d*."""
    return tuple(int(written[place : place + 2], 16) for place in (1, 3, 5))


@pytest.mark.parametrize("drawn", [series.BLUE, series.ORANGE, series.GREY, series.TURQUOISE])
@pytest.mark.parametrize("theme", GROUNDS)
def test_a_mark_stands_out_from_both_grounds(drawn, theme):
    """WCAG 2.2, 1.4.11: 3 to 1 for what is needed to understand a picture."""
    assert contrast(colour(drawn), GROUNDS[theme]) >= 3


def test_words_in_a_chart_that_leaves_the_page_are_dark_enough():
    assert contrast(colour(series.INK), WHITE) >= 7


def test_verdicts_are_white_on_a_ground_dark_enough():
    style = frame._style()
    grounds = re.findall(r"--verdict: (#[0-9a-f]{6});", style)
    assert len(grounds) == 8
    assert all(contrast(colour(each), WHITE) >= 4.5 for each in grounds)
    for each in (*Verdict, *State):
        assert f".vrn-{each}" in style


@pytest.mark.parametrize("kind", [Verdict, State])
def test_a_verdict_is_told_by_a_mark_and_a_word_of_its_own(kind):
    assert len({each.words for each in kind}) == len(kind)
    assert len({each.symbol for each in kind}) == len(kind)


@pytest.mark.parametrize("looks", [series._LOOKS, funnel._LOOKS])
def test_points_of_a_kind_have_a_shape_of_their_own(looks):
    assert len({shape for shape, _ in looks.values()}) == len(looks)


def test_a_map_darkens_in_even_steps_so_that_it_can_be_printed_in_grey():
    for steps in (map(colour, districts._BLUES), hotspots._BLUES):
        lights = [luminance(each) for each in steps]
        assert all(light > dark for light, dark in pairwise(lights))
        assert all(contrast(*pair) >= 1.25 for pair in pairwise(map(colour, districts._BLUES)))
