"""The tag stage: mentions of people, places and bodies in articles."""

import polars as pl

from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging import REOPENED, Staging
from copydesk.transforms.contract import READ, empty
from copydesk.transforms.entities.mentions import tag
from copydesk.transforms.entities.resolution import read_mentions
from copydesk.transforms.quality.measures import tag_measures


def tag_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Tag the articles of one batch, each with the model of its language; the batch REOPENED holds loaded documents.

    An article in a language without a model stays untagged (documents.tagged_by is null).
    """
    documents = staging.read("dedupe", "reopened") if number == REOPENED else articles_of(staging, number)
    reads, tagged = (
        [empty(READ)],
        [documents.clear().select("doc_id", "text", tagged_by=pl.lit("", pl.String))],
    )
    for name in settings.models() if not documents.is_empty() else ():
        model, gazetteer = load_model(name), load_gazetteer(settings.entities)
        mine = documents.filter(pl.col("lang") == model.lang).select("doc_id", "text", tagged_by=pl.lit(name))
        mine = mine.join(pl.concat(tagged), on="doc_id", how="anti")
        reads.append(read_mentions(tag(mine, model, gazetteer), gazetteer))
        tagged.append(mine)
    read, done = pl.concat(reads), pl.concat(tagged)
    staging.write("tag", "read", read, number)
    staging.write("tag", "tagged", done.select("doc_id", "tagged_by"), number)
    staging.write("tag", "measures", tag_measures(done, read), number)
