"""Who can use this, and who cannot yet?"""

from vrn_metrics import ui

ui.page("Accessibility statement", by_day=False)
ui.show_compliance()
ui.show_known()
ui.show_feedback()
ui.show_preparation()
