"""Each kind of publisher in its own shapes, with made-up content."""

import csv
import json
import re

import pytest

from tests.fetch.conftest import NAME, PAGE, attachment, changed, page
from tests.fetch.site import File, as_json, status, web_page
from vrn_metrics.errors import FetchError
from vrn_metrics.fetch import Entry, What, fetch, recognised
from vrn_metrics.fetch.newest import rank
from vrn_metrics.fetch.publishers import nomis
from vrn_metrics.sources import identify, open_document
from vrn_metrics.store.releases import DEMO


def entry_for(site, key, kind, address, **more):
    given = {
        "title": key,
        "publisher": "somebody",
        "hosts": ("127.0.0.1",),
        "types": ("csv",),
        "largest": 20_000_000,
        "source": key,
    }
    return Entry(key=key, kind=kind, address=f"{site.url}{address}", **(given | more))


def refusal(get, entry, **patience):
    with pytest.raises(FetchError) as raised:
        get(entry, **patience)
    return str(raised.value)


# GOV.UK


NAMES = {
    "prc-pfa-mar2013-onwards-tables-230726.ods": "Police Force Area tables, year ending March 2013",
    "prc-csp-mar2021-mar2026-tables-230726.ods": "Community Safety Partnership, from 2021",
    "prc-csp-mar2016-mar2020-tables-230726.ods": "Community Safety Partnership, 2016 to 2020",
    "prc-csp-mar21-sep25-tables-290126.ods": "Community Safety Partnership, January edition",
    "prc-csp-1112-1415-tables.xlsx": "Community Safety Partnership, 2012 to 2015",
    "prc-knives_or_sharps-outcomes-open-data-apr2024-to-mar2026-tables-230726.ods": "Crime "
    "outcomes for offences involving knives or sharp instruments, April 2024 to March 2026",
    "prc-firearms-outcomes-open-data-230726.ods": "Firearms",
}


def list_names(site, names=NAMES):
    site.pages[PAGE] = as_json(page(*(attachment(site, *each) for each in names.items())))


def test_of_several_files_the_rule_takes_the_newest(site, knife, get):
    list_names(site)
    newest = "prc-csp-mar2021-mar2026-tables-230726.ods"
    site.pages[f"/media/66a0/{newest}"] = File((DEMO / "ho-prc-csp.csv").read_bytes())
    found = get(changed(knife, named="^prc-csp-", source="ho-prc-csp"))
    assert found.now.file == newest


def test_of_equals_the_first_that_is_listed_is_taken(site, knife, get):
    for folder in ("first", "second"):
        site.pages[f"/media/{folder}/{NAME}"] = File(folder.encode() + b",a\n1,2\n")
    listed = [attachment(site, NAME, "Knife", folder) for folder in ("first", "second")]
    site.pages[PAGE] = as_json(page(*listed))
    assert get(knife).path.read_bytes().startswith(b"first")


def test_nothing_that_fits_is_one_sentence_with_the_titles_found(site, knife, get):
    list_names(site)
    pattern = r"^(?!.*outcome).*\b(knife|knives)\b"
    said = refusal(get, changed(knife, named=pattern))
    assert f"expected a file like '{pattern}'" in said
    assert all(f"'{title}'" in said for title in NAMES.values())
    assert "https://www.gov.uk/open-data" in said


def test_a_page_without_files_is_one_sentence(site, knife, get):
    site.pages[PAGE] = as_json(page())
    assert "found no files at all" in refusal(get, knife)


@pytest.mark.parametrize("odd", [[], {}, {"details": None}, "words", 7])
def test_a_listing_of_another_shape_is_refused(site, knife, get, odd):
    site.pages[PAGE] = as_json(odd)
    assert "expected a page with details" in refusal(get, knife)


def test_attachments_that_are_pages_are_no_files(site, knife, get):
    guide = attachment(site, "guide-311226", "Knife guide", attachment_type="html")
    site.pages[PAGE] = as_json(page(guide, attachment(site, NAME, "Knife offences")))
    assert get(knife).now.file == NAME


def test_links_in_the_text_are_taken_where_there_is_no_list(site, knife, get):
    body = (
        f'<section><h2>Knife offences</h2><p><a href="{site.url}/media/66a0/{NAME}">Knife '
        'offences <b>by force</b></a>, <a href="/guide">a guide</a></p></section>'
    )
    site.pages[PAGE] = as_json(page(body=body))
    found = get(knife)
    assert (found.now.file, found.now.title) == (NAME, "Knife offences by force")


def test_the_order_of_names_that_were_really_published():
    """File names of the page at 23 July 2026 and of earlier releases."""
    ordered = [
        "prc-csp-0203-to-0607-tabs.xlsx",
        "prc-csp-mar16-dec24-tables-240425.xlsx",
        "prc-csp-mar21-sep25-tables-290126.ods",
        "prc-csp-mar2016-mar2020-tables-230726.ods",
        "prc-csp-mar2021-mar2026-tables-230726.ods",
    ]
    assert [*map(rank, ordered)] == sorted({*map(rank, ordered)})
    folders = ["yearendingmarch2025", "yearendingsep25", "yearendingdecember2025"]
    assert [*map(rank, folders)] == sorted({*map(rank, folders)})


# ONS

DATASET = "/peoplepopulationandcommunity/crimeandjustice/datasets/policeforceareadatatables"
TABLE = (DEMO / "ons-table-c2.csv").read_bytes()


def ons(site, *folders, file="policeforceareatablesyejune25final.csv"):
    """A dataset page with its editions; each has one file."""
    site.pages[f"{DATASET}/data"] = as_json(
        {
            "type": "dataset_landing_page",
            "description": {"title": "Police force area data tables"},
            "datasets": [{"uri": f"{DATASET}/{folder}"} for folder in folders],
        }
    )
    for folder in folders:
        site.pages[f"{DATASET}/{folder}/data"] = as_json(
            {
                "type": "dataset",
                "uri": f"{DATASET}/{folder}",
                "description": {"releaseDate": "2025-10-23T08:30:00.000Z", "edition": folder},
                "downloads": [{"file": "notes.pdf"}, {"file": file}],
                "versions": [],
            }
        )
    site.pages["/file"] = File(TABLE)
    return entry_for(site, "ons-table-c2", "ons-dataset", DATASET, named=r"^(pfa|policeforcearea)")


def test_the_newest_edition_of_a_dataset_is_taken(site, get):
    entry = ons(site, "yearendingmarch2025", "yearendingjune2025", "yearendingdecember2024")
    found = get(entry)
    assert found.path.read_bytes() == TABLE
    assert found.now.published.isoformat() == "2025-10-23"
    asked = f"{DATASET}/yearendingjune2025/policeforceareatablesyejune25final.csv"
    assert site.queries("/file") == [{"uri": asked}]
    recognised(found)


def test_the_current_edition_is_newer_than_dated_ones(site, get):
    get(ons(site, "yearendingjune2026", "current"))
    assert "/current/" in site.queries("/file")[0]["uri"]


def test_editions_may_be_chosen_by_pattern(site, get):
    entry = ons(site, "mid2025", "mid2011tomid2026detailed")
    get(changed(entry, edition=r"^mid\d{4}$"))
    assert "/mid2025/" in site.queries("/file")[0]["uri"]
    assert "expected an edition like 'x'" in refusal(get, changed(entry, edition="x"))


def test_a_dataset_without_the_file_names_those_it_has(site, get):
    said = refusal(get, ons(site, "current", file="tables.csv"))
    assert "'notes.pdf'; 'tables.csv'" in said


@pytest.mark.parametrize("odd", [{}, {"datasets": []}, {"datasets": [7, {"uri": None}]}, []])
def test_a_dataset_page_of_another_shape_is_refused(site, get, odd):
    entry = ons(site, "current")
    site.pages[f"{DATASET}/data"] = as_json(odd)
    assert "expected a dataset page with its editions" in refusal(get, entry)


# data.police.uk


def test_the_archive_of_the_latest_month_is_taken_wherever_the_site_keeps_it(site, get):
    months = ("2026-08", "2026-09", "2026-07", "nonsense")
    site.pages["/api/crimes-street-dates"] = as_json(
        [{"date": each, "stop-and-search": ["leicestershire"]} for each in months]
    )
    kept = site.url.replace("127.0.0.1", "localhost")
    site.pages["/data/archive/2026-09.zip"] = status(302, Location=f"{kept}/archive/2026-09.zip")
    site.pages["/archive/2026-09.zip"] = File((DEMO / "street.zip").read_bytes())
    entry = entry_for(
        site,
        "police-street",
        "police-archive",
        "",
        hosts=("127.0.0.1", "localhost"),
        types=("zip",),
    )
    found = get(entry)
    assert found.now.file == "2026-09.zip"
    recognised(found)
    assert get(entry).what is What.NOT_CHANGED


# Open Geography

SERVICES = "/ESMARspQHYMw9BZ9/arcgis/rest/services"
NEWEST = "Local_Authority_Districts_May_2025_Boundaries_UK_BSC_V2"
NAMED = r"^(Local_Authority_Districts|LAD)_[A-Z]+_\d{4}_(Boundaries_)?UK_BSC(_V\d+)?$"


class Layer:
    """A service with pages of at most `most` features, as ArcGIS gives them."""

    def __init__(self, site, features, name=NEWEST, most=7, where_said="properties"):
        self.features, self.most, self.where_said = features, most, where_said
        self.count = len(features)
        others = [
            "Local_Authority_Districts_May_2024_Boundaries_UK_BSC",
            "Local_Authority_Districts_May_2025_Boundaries_UK_BSC",
            "Local_Authority_Districts_December_2025_Boundaries_UK_BFC",
            "LAD_DEC_2024_UK_BSC",
        ]
        listed = [{"name": each, "type": "FeatureServer"} for each in [*others, name]]
        listed.append({"name": "LAD_DEC_2026_UK_BSC", "type": "MapServer"})
        site.pages[SERVICES] = as_json({"currentVersion": 11.4, "services": listed})
        base = f"{SERVICES}/{name}/FeatureServer/0"
        site.pages[base] = as_json({"objectIdField": "FID", "maxRecordCount": most})
        site.pages[f"{base}/query"] = self
        self.path = f"{base}/query"

    def __call__(self, handler):
        query = handler.query
        if "returnCountOnly" in query:
            return as_json({"count": self.count})(handler)
        start = int(query["resultOffset"])
        end = start + min(self.most, int(query["resultRecordCount"]))
        found = self.features[start:end]
        held_back = end < len(self.features)
        if query["f"] == "json":
            rows = [{"attributes": each} for each in found]
            answer = {"fields": [], "features": rows, "exceededTransferLimit": held_back}
        else:
            answer = {"type": "FeatureCollection", "features": found}
            if held_back and self.where_said == "properties":
                answer["properties"] = {"exceededTransferLimit": True}
            elif held_back:
                answer["exceededTransferLimit"] = True
        return as_json(answer)(handler)


def shapes():
    return json.loads((DEMO / "ons-boundaries.geojson").read_text())["features"]


def boundaries(site):
    return entry_for(site, "ons-boundaries", "arcgis-query", SERVICES, named=NAMED, types=("json",))


@pytest.mark.parametrize("where_said", ["properties", "beside"])
def test_boundaries_are_read_to_the_last_page_and_put_together(site, get, where_said):
    layer = Layer(site, shapes(), where_said=where_said)
    entry = changed(boundaries(site), where="LSOA21NM LIKE 'Leicester 0%'")
    found = get(entry)
    assert json.loads(found.path.read_text())["features"] == layer.features
    assert found.now.file == f"{NEWEST}.geojson"
    pages = [each for each in site.queries(layer.path) if "resultOffset" in each]
    assert len(pages) == -(-len(layer.features) // 7)
    assert {each["orderByFields"] for each in pages} == {"FID"}
    assert {each["where"] for each in pages} == {"LSOA21NM LIKE 'Leicester 0%'"}
    assert {each["outSR"] for each in pages} == {"4326"}
    recognised(found)
    assert get(entry).what is What.SAME


def test_a_lookup_becomes_a_csv_that_its_reader_knows(site, get):
    with (DEMO / "ons-area-lookup.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "ObjectId": n} for n, row in enumerate(csv.DictReader(file), 1)]
    name = "LAD25_CSP25_PFA25_EW_LU"
    layer = Layer(site, rows, name=name)
    site.pages[f"{SERVICES}/{name}/FeatureServer/0"] = as_json({"objectIdField": "ObjectId"})
    entry = entry_for(
        site, "ons-area-lookup", "arcgis-query", SERVICES, named=r"^LAD\d\d_CSP\d\d_PFA\d\d_EW_LU"
    )
    found = get(entry)
    with found.path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert read == [{k: v for k, v in row.items() if k != "ObjectId"} for row in layer.features]
    recognised(found)


def test_a_page_that_fails_is_asked_for_again(site, get):
    layer = Layer(site, shapes())
    site.first[layer.path].extend([status(503), layer, status(500)])
    assert len(json.loads(get(boundaries(site)).path.read_text())["features"]) == layer.count


def test_features_that_do_not_add_up_are_refused(site, get, tmp_path):
    layer = Layer(site, shapes())
    layer.count += 1
    said = refusal(get, boundaries(site))
    assert (
        f"expected {layer.count:,} features, as the service counts, found {layer.count - 1}" in said
    )
    assert not list(tmp_path.rglob("*.geojson"))


def test_an_error_with_status_200_is_an_error(site, get):
    layer = Layer(site, shapes())
    fault = {"error": {"code": 400, "message": "Invalid query parameters", "details": []}}
    site.pages[layer.path] = as_json(fault)
    assert "found 'Invalid query parameters' (400)" in refusal(get, boundaries(site))


def test_a_service_that_holds_back_for_ever_is_left(site, get):
    layer = Layer(site, shapes())
    answer = as_json({"features": [], "exceededTransferLimit": True})
    site.pages[layer.path] = lambda handler: (
        layer(handler) if "returnCountOnly" in handler.query else answer(handler)
    )
    assert "expected the rest of the features, found none" in refusal(get, boundaries(site))


def test_pages_together_may_not_be_too_large(site, get):
    Layer(site, shapes())
    assert "at most" in refusal(get, changed(boundaries(site), largest=6_000))


# Fingertips

FINGERTIPS = "/api/all_data/csv/by_indicator_id"
HEADER = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count"
)
ROW = '11201,"Violence",E92000001,England,E06000016,Leicester,UA,Persons,All,,,"2020/21 - 22/23",1'


def fingertips(site):
    address = f"{FINGERTIPS}?indicator_ids=11201&child_area_type_id=502&parent_area_type_id=15"
    return entry_for(
        site, "fingertips-x", "fingertips-csv", address, source="", begins="Indicator ID"
    )


def test_a_fingertips_table_is_got_at_its_address(site, get):
    site.pages[FINGERTIPS] = File(f"{HEADER}\n{ROW},,,7\n".encode(), etag="", last_modified="")
    found = get(fingertips(site))
    assert found.now.file == "fingertips-x.csv"
    assert site.queries(FINGERTIPS)[0]["indicator_ids"] == "11201"
    with pytest.raises(FetchError, match="one that is only kept"):
        recognised(found)
    assert get(fingertips(site)).what is What.SAME


def test_another_first_line_is_refused(site, get, tmp_path):
    site.pages[FINGERTIPS] = File(b"An error has occurred,code\n1,2\n")
    assert "expected 'Indicator ID' in its first line" in refusal(get, fingertips(site))
    assert not list(tmp_path.rglob("*.csv*"))


# Nomis

QUERY = "/api/v01/dataset/NM_2002_1.data.csv"
COLUMNS = '"DATE_NAME","GEOGRAPHY_NAME","GEOGRAPHY_CODE","C_AGE_NAME","OBS_VALUE"'


class Cube:
    """A query of so many rows, of which 25,000 are given at a time to those without a key."""

    def __init__(self, rows):
        self.rows = [f'"2024","Leicester","E06000016","Age {n}",{n}' for n in range(rows)]

    def __call__(self, handler):
        start = int(handler.query.get("recordoffset", 0))
        limit = min(int(handler.query.get("recordlimit", 25_000)), 25_000)
        lines = [COLUMNS, *self.rows[start : start + limit]]
        handler.reply(200, ("\r\n".join(lines) + "\r\n").encode(), {"Content-Type": "text/csv"})


def population(site):
    return entry_for(site, "nomis-x", "nomis", f"{QUERY}?date=latest&geography=TYPE464", source="")


@pytest.mark.parametrize("rows", [1, 25_000, 50_003])
def test_a_query_of_any_length_comes_whole_under_one_header(site, get, rows):
    site.pages[QUERY] = Cube(rows)
    found = get(population(site))
    with found.path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert [int(each["OBS_VALUE"]) for each in read] == list(range(rows))
    assert len(site.asked) == rows // nomis.PAGE + 1
    assert {each["geography"] for each in site.queries(QUERY)} == {"TYPE464"}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (status(200, COLUMNS.encode()), "expected rows, found none"),
        (status(200, b"Query is not valid\n"), "a table with OBS_VALUE"),
        (web_page, "expected a CSV, found a web page"),
        (status(200, f'{COLUMNS}\n"2024","Leic'.encode()), "expected a whole CSV"),
        (status(200, f'{COLUMNS}\n"2024","Leicester"'.encode()), "whole rows"),
        (status(200, COLUMNS.encode() + b"\n\xff\xfe,,,,1\n"), "text in UTF-8"),
    ],
)
def test_what_is_no_answer_to_the_query_is_refused(site, get, tmp_path, reply, said):
    site.pages[QUERY] = reply
    assert said in refusal(get, population(site))
    assert not list(tmp_path.rglob("nomis-x.csv"))


def test_other_columns_on_a_later_page_are_refused(site, get):
    cube = Cube(25_001)
    other = status(200, b'"GEOGRAPHY_CODE","OBS_VALUE"\n"E06000016",1\n')
    site.pages[QUERY] = lambda handler: (
        other(handler) if handler.query["recordoffset"] != "0" else cube(handler)
    )
    assert "expected the same columns on every page" in refusal(get, population(site))


# All of them


def test_every_kind_of_publisher_was_tried_here():
    from vrn_metrics.fetch.catalogue import KINDS
    from vrn_metrics.fetch.publishers import ASSEMBLE, FIND

    assert set(FIND) == set(KINDS)
    assert set(ASSEMBLE) <= set(FIND)
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123 - this very file
        written = file.read()
    assert all(f'"{kind}"' in written for kind in KINDS if kind != "govuk-content")
    assert re.search("def test_of_several_files", written)


def test_another_table_than_the_catalogue_says_is_not_loaded(site, knife, get):
    found = get(changed(knife, source="ho-prc-force"))
    with pytest.raises(FetchError, match="expected the table ho-prc-force, found ho-knife"):
        recognised(found)
    assert identify(open_document(found.path)).source.key == "ho-knife"


def test_the_wait_of_a_real_fetch_is_the_default(knife, tmp_path):
    assert fetch(knife, tmp_path).what is What.FIRST
