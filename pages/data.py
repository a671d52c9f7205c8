"""What is this built on?"""

from vrn_metrics import ui

ui.page("What is this built on?", by_day=False)
releases = ui.found_releases()

ui.say_releases(releases)
ui.offer_loading()
ui.show_releases(releases)
