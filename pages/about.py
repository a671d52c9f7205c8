"""What do the words and figures mean?"""

from vrn_metrics import ui

ui.page("What do the words and figures mean?", by_day=False)
ui.show_measures()
ui.show_baselines()
ui.show_breaks()
ui.show_sources()
