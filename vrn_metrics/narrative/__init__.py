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
    "against_words",
    "attention_line",
    "attention_words",
    "cause_words",
    "change_words",
    "count_words",
    "demonstration_notice",
    "describe_chart",
    "describe_divergence",
    "describe_trail",
    "detectable_words",
    "divergence_words",
    "false_alarm_words",
    "hidden_words",
    "outlook_words",
    "rate_words",
    "sensitivity_words",
    "sentence",
    "trend_paragraphs",
    "trend_qualifications",
    "trend_sentence",
    "years_words",
]
