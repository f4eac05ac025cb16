"""The tag stage: mentions of people, places and bodies in articles."""

from typing import TYPE_CHECKING, Any

import polars as pl

from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging import Staging
from copydesk.transforms.contract import NAMED_MENTIONS, empty
from copydesk.transforms.entities.mentions import tag
from copydesk.transforms.entities.named_mentions import read_mentions
from copydesk.transforms.quality.measures import tag_measures

if TYPE_CHECKING:
    pass


def tag_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Tag the articles of one batch, each with the model of its language; batch `reopened` are older documents.

    An article in a language without a model stays untagged (documents.tagged_by is null).
    """
    documents = staging.read("dedupe", "reopened") if number == "reopened" else articles_of(staging, number)
    reads, tagged = (
        [empty(NAMED_MENTIONS)],
        [documents.clear().select("doc_id", "text", tagged_by=pl.lit("", pl.String))],
    )
    for name in settings.models() if not documents.is_empty() else ():
        model, gazetteer = load_model(name), load_gazetteer(settings.entities)
        mine = documents.filter(pl.col("lang") == model.lang).select("doc_id", "text", tagged_by=pl.lit(name))
        mine = mine.join(pl.concat(tagged), on="doc_id", how="anti")
        reads.append(read_mentions(tag(mine, model, gazetteer), gazetteer))
        tagged.append(mine)
    read, done = pl.concat(reads), pl.concat(tagged)
    staging.write("tag", f"read-{number}", read)
    staging.write("tag", f"tagged-{number}", done.select("doc_id", "tagged_by"))
    staging.write("tag", f"measures-{number}", tag_measures(done, read))
    return {"batch": number, "n_tagged": len(done), "n_mentions": len(read)}
