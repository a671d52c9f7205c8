"""Commands about what was promised besides falling harm."""

from __future__ import annotations

import click

from vrn_metrics import narrative
from vrn_metrics.analyses.programme import programme as programme_of
from vrn_metrics.cli.command import Asked, answer, shared, vrn
from vrn_metrics.exports import programme as exported


@vrn.command()
@click.option("--layout", is_flag=True, help="All of it as a vrn-programme file, to load again.")
@shared
def programme(asked: Asked, layout: bool) -> None:
    """Does the programme do what the Home Office expects?"""
    found = programme_of(asked.store, as_of=asked.as_of)
    if layout:
        click.echo(exported.programme_file(found), nl=False)
        return
    said = [narrative.programme_sentence(found), *narrative.to_do_words(found)]
    answer(
        asked.shape,
        exported.programme_json(found),
        exported.programme_rows(found),
        "\n".join(said),
        ("state", "expectation", "evidence", "until"),
        demonstration=found.demonstration_data,
    )
