"""Results as sentences: what the page says first, and what a screen reader is told.

No sentence here says that anything was caused.
"""

from vrn_metrics.narrative.cards import (
    against_words,
    change_words,
    count_words,
    demonstration_notice,
    describe_trail,
    detectable_words,
    hidden_words,
    rate_words,
    sentence,
)
from vrn_metrics.narrative.districts import (
    NEIGHBOURS_ARE,
    describe_funnel,
    district_sentence,
    districts_sentence,
    england_words,
    funnel_words,
    neighbour_words,
    place_words,
    share_words,
    shortest_words,
    without_words,
)
from vrn_metrics.narrative.series import (
    cause_words,
    describe_chart,
    false_alarm_words,
    outlook_words,
    sensitivity_words,
    trend_paragraphs,
    trend_qualifications,
    trend_sentence,
    years_words,
)
from vrn_metrics.narrative.together import (
    attention_line,
    attention_words,
    describe_divergence,
    divergence_words,
)

__all__ = [
    "NEIGHBOURS_ARE",
    "against_words",
    "attention_line",
    "attention_words",
    "cause_words",
    "change_words",
    "count_words",
    "demonstration_notice",
    "describe_chart",
    "describe_divergence",
    "describe_funnel",
    "describe_trail",
    "detectable_words",
    "district_sentence",
    "districts_sentence",
    "divergence_words",
    "england_words",
    "false_alarm_words",
    "funnel_words",
    "hidden_words",
    "neighbour_words",
    "outlook_words",
    "place_words",
    "rate_words",
    "sensitivity_words",
    "sentence",
    "share_words",
    "shortest_words",
    "trend_paragraphs",
    "trend_qualifications",
    "trend_sentence",
    "without_words",
    "years_words",
]
