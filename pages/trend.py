"""Is this measure really changing?"""

from vrn_metrics import ui

ui.page("Is it really changing?")
measure, area, baseline, definition, method, years = ui.choose_trend()

found = ui.found_trend(
    measure=measure,
    area=area,
    baseline_key=baseline,
    definition_key=definition,
    method=method,
    years=years,
)
card = ui.found_scorecard(area=area, baseline_key=baseline, definition_key=definition)

ui.say_trend(found)
ui.show_trend(found)
ui.show_beside(ui.found_divergence(measure=measure, area=area), card)
ui.qualify_trend(found)
ui.show_attention(ui.found_attention())
ui.trend_numbers(found)
ui.share("trend")
