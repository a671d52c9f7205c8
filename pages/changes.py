"""What changed, and which figures were revised?"""

from vrn_metrics import ui

ui.page("What changed since last time?")
since, area, baseline, definition = ui.choose_changes()

found = ui.found_changes(since=since, area=area, baseline_key=baseline, definition_key=definition)

ui.say_changes(found)
ui.show_changes(found)
ui.qualify_changes(found)
ui.share("changes")
