"""Two releases of the same months, read on every day, give no small count away."""

from tests.attacker.knowledge import TALLIES


def test_no_small_count_of_a_table_can_be_told_from_another(revised, found):
    """Each might be any number from 1 to 5, whatever is asked for and put together."""
    assert [each for each in revised.leaks(found) if each.breaks_the_rule] == []


def test_words_rates_and_ratios_say_no_more_than_the_counts(found):
    assert found.strange == []


def test_the_attacker_saw_what_there_is_to_see(found):
    """Shown and hidden figures of every tally, and of the extracts that were revised three sets."""
    assert {cell.tally for _, cell in found.counts} == {
        tally for tallies in TALLIES.values() for tally in tallies
    }
    for source, sets in (("vrn-admissions", 3), ("vrn-offences", 1), ("vrn-homicides", 3)):
        own = {
            each: said for each, said in found.counts.items() if each[1].tally in TALLIES[source]
        }
        assert len({vintage for vintage, _ in own}) == sets
        is_exact = [said is not None and said[0] == said[1] for said in own.values()]
        assert 0 < sum(is_exact) < len(is_exact)
