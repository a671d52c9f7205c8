"""Where, and compared with whom?"""

from vrn_metrics import ui

ui.page("What about my district?")
code, measure, baseline, definition, fill = ui.choose_district()

district = ui.found_district(code=code, baseline_key=baseline, definition_key=definition)
districts = ui.found_districts(measure=measure, baseline_key=baseline, definition_key=definition)

ui.say_district(district, measure)
ui.show_where(districts, ui.found_shapes(), code, fill)
ui.show_lines(district)
ui.show_beside_neighbours(district)
ui.show_register(district)
ui.show_circumstances(
    ui.found_places(measure=measure), ui.found_times(measure=measure), district.as_of
)
ui.qualify_district(districts, district)
ui.district_numbers(district, districts)
ui.share("districts")
