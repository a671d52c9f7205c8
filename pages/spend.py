"""Is 20% going to interventions, and on what?"""

from vrn_metrics import ui

ui.page("Is 20% going to interventions?", local=True)
found = ui.found_spend(year=ui.choose_spend_year(ui.found_spend_years()))

ui.say_spend(found)
ui.show_spend(found)
ui.show_decisions(found)
ui.show_costs(found, ui.found_costs(found))
ui.spend_numbers(found)
ui.offer_ledger_changes(found)
ui.share("spend")
