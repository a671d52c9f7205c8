"""Signing in at a real identity provider: each tier, forged and expired words, the way out."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.browser.serving import serving, wait_until_idle
from tests.signed_in import GROUPS, claims, write_roles

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SECRET = "a secret that signs cookies in these tests and nowhere else"
COOKIE = "_streamlit_user"
DOOR = "not open to everybody"


@dataclass(frozen=True)
class Site:
    """A server where people sign in, and its file of roles."""

    address: str
    roles: Path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own session; the provider's page may not fetch its style from elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.route(lambda url: urlsplit(url).hostname != "localhost", lambda route: route.abort())
    yield context.new_page()
    context.close()


def users() -> list[User]:
    """One person of each tier, as the provider knows them."""
    kept = ("email", "email_verified", "groups")
    return [User(sub=tier, claims={name: claims(tier)[name] for name in kept}) for tier in GROUPS]


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(user_claims=users()) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def site(provider, demo_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("signing")
    roles = write_roles(folder)
    with _serving(folder, f"{provider}/.well-known/openid-configuration", demo_database) as address:
        yield Site(address, roles)


def _serving(folder: Path, metadata: str, database: str):
    settings = folder / "secrets.toml"
    settings.write_text(
        f'[auth]\nredirect_uri = "http://localhost:{{port}}/oauth2callback"\n'
        f'cookie_secret = "{SECRET}"\nclient_id = "vrn"\nclient_secret = "kept"\n'
        f'server_metadata_url = "{metadata}"\n',
        encoding="utf-8",
    )
    return serving(
        database,
        folder / "log",
        options=("--secrets.files", str(settings)),
        environment={"VRN_ACCESS_FILE": str(folder / "access.toml")},
    )


def sign_in(page, site, who):
    """Click through the provider's page, and come back."""
    page.goto(site.address)
    wait_until_idle(page)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{site.address}/**")
    page.get_by_role("button", name="Sign out").wait_for()
    wait_until_idle(page)


def said(page, address, place=""):
    """What a page says that is opened by its address."""
    page.goto(f"{address}/{place}")
    wait_until_idle(page)
    return page.locator('[data-testid="stMain"]').inner_text()


@pytest.mark.parametrize(
    ("who", "line", "is_let_in"),
    [
        ("nobody", "No role is set for you", False),
        ("partner", "partner of Leicester", False),
        ("analyst", "analyst until", True),
        ("approver", "approver until", True),
    ],
)
def test_each_tier_is_let_in_as_far_as_its_role_says(who, line, is_let_in, page, site):
    sign_in(page, site, who)
    assert f"{who}@network.test" in page.locator(".st-key-visitor").inner_text()
    assert line in page.locator(".st-key-visitor").inner_text()
    assert (DOOR not in said(page, site.address, "spend")) == is_let_in
    page.goto(f"{site.address}/data")
    offer = "Files exactly as published" if is_let_in else "Files are loaded by those"
    page.get_by_text(offer).wait_for()
    wait_until_idle(page)
    listed = page.get_by_text("not shown", exact=True).count()
    assert (listed > 0) == is_let_in, "only local releases keep their rows back"
    assert (page.get_by_role("button", name="Withdraw release").count() > 0) == (who == "approver")


def test_a_link_of_another_tier_on_a_cold_server_ends_at_the_door(
    page, provider, demo_database, tmp_path
):
    """The first run of a fresh server may be that of a page, without the navigation's file."""
    write_roles(tmp_path)
    metadata = f"{provider}/.well-known/openid-configuration"
    with _serving(tmp_path, metadata, demo_database) as address:
        words = said(page, address, "spend?year=2025-26")
    assert DOOR in words
    assert "£" not in words


def forged(address: str, **changes: Any) -> dict[str, Any]:
    """A cookie's words for an approver, as the server itself would write them."""
    return {**claims("approver"), "origin": address, "provider": "default", **changes}


def carrying(page, address: str, words: dict[str, Any], secret: str = SECRET) -> str:
    """What a page of local data says to whoever carries a cookie of these words."""
    value = create_signed_value(secret, COOKIE, json.dumps(words)).decode()
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": address}])
    return said(page, address, "spend")


def test_a_cookie_counts_that_the_server_signed(page, site):
    """The control of the tests below: without a fault the same cookie opens the page."""
    assert DOOR not in carrying(page, site.address, forged(site.address))


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        ({}, "x" * 48),
        ({"exp": time.time() - 1}, SECRET),
        ({"exp": None}, SECRET),
        ({"sub": None}, SECRET),
        ({"is_logged_in": False}, SECRET),
        ({"is_logged_in": "yes"}, SECRET),
        ({"origin": "http://elsewhere.test"}, SECRET),
        ({"groups": ["Approvers"]}, SECRET),
    ],
)
def test_a_cookie_that_is_forged_or_over_opens_nothing(changes, secret, page, site):
    assert DOOR in carrying(page, site.address, forged(site.address, **changes), secret)


def test_a_word_in_the_cookie_cannot_be_changed(page, site):
    value = create_signed_value(SECRET, COOKIE, json.dumps(forged(site.address))).decode()
    place = len(value) // 4
    changed = value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
    page.context.add_cookies([{"name": COOKIE, "value": changed, "url": site.address}])
    assert DOOR in said(page, site.address, "spend")


def test_signing_out_ends_it_for_every_copy_of_the_cookie(page, site):
    sign_in(page, site, "analyst")
    kept = [each for each in page.context.cookies() if each["name"].startswith(COOKIE)]
    assert kept
    assert all(each["httpOnly"] and each["sameSite"] == "Lax" for each in kept)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "end_session" in url)  # the provider asks as well
    page.get_by_role("button").first.click()
    page.wait_for_url(f"{site.address}/**")
    page.get_by_role("button", name="Sign in").wait_for()
    assert DOOR in said(page, site.address, "spend")
    page.context.add_cookies(kept)
    assert DOOR in said(page, site.address, "spend")


def test_a_session_ends_on_the_screen_too(page, site):
    whole = site.roles.read_text(encoding="utf-8")
    site.roles.write_text(f"session_hours = {6 / 3600}\n{whole}", encoding="utf-8")
    try:
        sign_in(page, site, "analyst")
        page.get_by_text("Your session has ended").wait_for(timeout=15_000)
        assert page.get_by_role("button", name="Sign out").count() == 0
    finally:
        site.roles.write_text(whole, encoding="utf-8")


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.mark.parametrize(
    "place",
    [
        "auth/login?provider=default",
        "auth/login?provider=default&next=https://elsewhere.test/",
        "auth/login?next=//elsewhere.test",
        "auth/logout?next=https://elsewhere.test/&post_logout_redirect_uri=https://elsewhere.test/",
        "oauth2callback?code=made-up&state=made-up",
        "oauth2callback?error=x&error_description=y&redirect_uri=https://elsewhere.test/",
        "auth/login/..//elsewhere.test",
    ],
)
def test_nobody_is_sent_elsewhere_and_no_made_up_word_signs_in(place, site):
    try:
        answer = urllib.request.build_opener(_Stays).open(f"{site.address}/{place}", timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        assert "elsewhere" not in answer.headers.get("Location", "")
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert not any(
            each.startswith(f"{COOKIE}=") and "Max-Age=0" not in each and f'{COOKIE}=""' not in each
            for each in cookies
        )


def test_a_token_signed_with_another_key_signs_nobody_in(page, provider, demo_database, tmp_path):
    """A provider whose keys are another's: the token is well-formed and not to be believed."""
    with run_server_in_thread() as other, _lying(provider, other.server_port) as metadata:
        write_roles(tmp_path)
        with _serving(tmp_path, metadata, demo_database) as address:
            page.goto(address)
            wait_until_idle(page)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("button", name="approver", exact=True).click()
            page.wait_for_url(f"{address}/**")
            wait_until_idle(page)
            page.get_by_role("button", name="Sign in").wait_for()
            assert page.get_by_role("button", name="Sign out").count() == 0
            assert not [each for each in page.context.cookies() if each["name"] == COOKIE]


class _lying:  # noqa: N801 - used as a function
    """A discovery document that names the keys of another provider."""

    def __init__(self, provider: str, other_port: int) -> None:
        place = f"{provider}/.well-known/openid-configuration"
        with urllib.request.urlopen(place) as found:  # noqa: S310 - our own address
            about = json.load(found)
        about["jwks_uri"] = about["jwks_uri"].replace(provider.rsplit(":", 1)[1], str(other_port))
        body = json.dumps(about).encode()

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://localhost:{self.server.server_port}/metadata"

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.server.server_close()
