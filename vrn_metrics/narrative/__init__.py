"""Results as sentences: what the page says first, and what a screen reader is told.

No sentence here says that anything was caused.
"""

from vrn_metrics.narrative.board import METHODS, context_words, headline, scorecard_words
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
from vrn_metrics.narrative.changes import (
    NOTHING_BEFORE,
    behind_words,
    change_line,
    changes_words,
    moved_line,
)
from vrn_metrics.narrative.series import (
    breaks_words,
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
    "METHODS",
    "NOTHING_BEFORE",
    "against_words",
    "attention_line",
    "attention_words",
    "behind_words",
    "breaks_words",
    "cause_words",
    "change_line",
    "change_words",
    "changes_words",
    "context_words",
    "count_words",
    "demonstration_notice",
    "describe_chart",
    "describe_divergence",
    "describe_trail",
    "detectable_words",
    "divergence_words",
    "false_alarm_words",
    "headline",
    "hidden_words",
    "moved_line",
    "outlook_words",
    "rate_words",
    "scorecard_words",
    "sensitivity_words",
    "sentence",
    "trend_paragraphs",
    "trend_qualifications",
    "trend_sentence",
    "years_words",
]
