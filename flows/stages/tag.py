"""The tag stage: mentions of people, places and bodies in articles."""

from typing import Any

from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging import Staging
from copydesk.transforms.entities.by_language import read_by_language
from copydesk.transforms.quality.measures import tag_measures


def tag_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Tag the articles of one batch, each with the model of its language; batch `reopened` are older documents.

    An article in a language without a model stays untagged (documents.tagged_by is null).
    """
    documents = staging.read("dedupe", "reopened") if number == "reopened" else articles_of(staging, number)
    names = settings.models() if not documents.is_empty() else []
    models = ((name, load_model(name)) for name in names)
    read, done = read_by_language(documents, models, load_gazetteer(settings.entities))
    staging.write("tag", f"read-{number}", read)
    staging.write("tag", f"tagged-{number}", done.select("doc_id", "tagged_by"))
    staging.write("tag", f"measures-{number}", tag_measures(done, read))
    return {"batch": number, "n_tagged": len(done), "n_mentions": len(read)}
