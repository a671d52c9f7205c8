"""Does the programme do what the Home Office expects?"""

from vrn_metrics import ui

ui.page("Do we do what the Home Office expects?", local=True)

found = ui.found_programme()

ui.say_programme(found)
ui.show_expectations(found)
ui.show_projects(found)
ui.show_interventions(found)
ui.show_agreements(found)
ui.qualify_programme(found)
ui.programme_numbers(found)
ui.offer_changes(found)
ui.share("programme")
