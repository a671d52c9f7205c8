"""Are we succeeding?"""

from vrn_metrics import ui

ui.page("Are we succeeding?")
area, baseline, definition = ui.choose_view()

card = ui.found_scorecard(area=area, baseline_key=baseline, definition_key=definition)

ui.say_scorecard(card)
ui.show_scorecard(card)
ui.numbers(card)
ui.offer_pack(card, baseline, definition)
ui.share("scorecard")
