"""Did the network make the difference?"""

from vrn_metrics import ui

ui.page("Did the network make the difference?")
chosen = ui.choose_impact()

found = ui.found_impact(**chosen)

ui.say_impact(found)
ui.show_power(found)
ui.show_fit(found)
ui.show_estimate(found)
ui.show_choices(found)
ui.show_national(found)
ui.qualify_impact(found)
ui.hand_over_impact(found)
ui.share("impact")
