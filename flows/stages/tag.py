"""The tag stage: mentions of people, places and bodies in articles."""

from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.settings import Settings
from copydesk.flows.stages.clean import articles_of
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import REOPENED
from copydesk.transforms.entities.by_language import read_by_language
from copydesk.transforms.quality.measures import tag_measures


def tag_batch(settings: Settings, staging: Staging, number: str) -> None:
    """Tag the articles of one batch, each with the model of its language; the batch REOPENED holds loaded documents.

    An article in a language without a model stays untagged (documents.tagged_by is null).
    """
    documents = staging.read("dedupe", "reopened") if number == REOPENED else articles_of(staging, number)
    names = settings.models() if not documents.is_empty() else []
    models = ((name, load_model(name)) for name in names)
    read, done = read_by_language(documents, models, load_gazetteer(settings.entities))
    staging.write("tag", "read", read, number)
    staging.write("tag", "tagged", done.select("doc_id", "tagged_by"), number)
    staging.write("tag", "measures", tag_measures(done, read), number)
