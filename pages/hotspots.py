"""Where does it happen?"""

from vrn_metrics import ui

ui.page("Where does it happen?")
crime_type, area, drawn = ui.choose_hotspots()

found = ui.found_hotspots(crime_type=crime_type, area=area)

ui.say_hotspots(found)
ui.show_hotspots(found, ui.found_shapes("LAD"), ui.found_shapes("LSOA"), drawn)
ui.show_inequality(found)
ui.qualify_hotspots(found)
ui.hotspot_numbers(found)
ui.share("hotspots")
