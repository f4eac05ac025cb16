from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.glued_words import propose_splits, read_glued_words
from copydesk.transforms.clean.split_features import FEATURES
from copydesk.transforms.contract import EDITS, empty
from copydesk.transforms.edits import apply_all, resolve_overlaps
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, SEEDS, awkward_text, cpu_ratio, examples, raw_of

FILES = [
    (SEEDS / "unglue" / name).read_text(encoding="utf-8")
    for name in ("model.toml", "affixes.csv", "brands.txt")
]
GLUE = read_glued_words(*FILES)
CLEAN_PROSE = {path.stem: path.read_text(encoding="utf-8") for path in (SEEDS / "clean_prose").glob("??.txt")}


def propose(*texts: str, lang: str = "en") -> pl.DataFrame:
    raw = raw_of(*texts)
    return propose_splits(to_lines(raw), raw.select("doc_id", lang=pl.lit(lang)), GLUE)


def mend(text: str, lang: str = "en") -> str:
    return apply_all(raw_of(text), resolve_overlaps([propose(text, lang=lang)]))["text"].item()


MENDED = [
    ("en", "The envoy met Vladimir Putinand left at noon.", "The envoy met Vladimir Putin and left at noon."),
    ("en", "Both countriesdo what the treaty asks.", "Both countries do what the treaty asks."),
    ("en", "For Russia Vladimir met RussiaVladimir Putin.", "For Russia Vladimir met Russia Vladimir Putin."),
    ("en", "The harbour master saidMonday that it was over.", "The harbour master said Monday that it was over."),
    ("en", "It is a matter for the governmentwhich pays.", "It is a matter for the government which pays."),
    ("en", "They asked the NATOforces to go.", "They asked the NATO forces to go."),
    ("en", "“The harbourwas closed,” she said.", "“The harbour was closed,” she said."),
    ("en", "Nobody at the pier knew Germany’sministers.", "Nobody at the pier knew Germany’s ministers."),
    ("de", "Gestern sprach Wladimir Putinund reiste ab.", "Gestern sprach Wladimir Putin und reiste ab."),
    ("es", "El puerto es del gobiernoque lo cerró.", "El puerto es del gobierno que lo cerró."),
    ("fr", "Voilà un gouvernementqui gère.", "Voilà un gouvernement qui gère."),
    ("it", "Il porto chiuse come diceva il governoche lo sa.", "Il porto chiuse come diceva il governo che lo sa."),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "glued", "mended"), MENDED, ids=[glued for _, glued, _ in MENDED])
def test_two_words_without_their_space_get_one(lang: str, glued: str, mended: str):
    assert mend(glued, lang) == mended


@pytest.mark.parametrize(("lang", "mended"), [(lang, mended) for lang, _, mended in MENDED])
def test_what_is_mended_is_left_alone(lang: str, mended: str):
    assert mend(mended, lang) == mended


def test_an_edit_is_an_insertion_with_the_rule_and_a_score():
    edits = propose("It closed.\nBoth countriesdo “what (governmentwhich)” ask.")
    expected = pl.DataFrame(
        [("d0000", 25, 25, "glued_words", " ", None), ("d0000", 45, 45, "glued_words", " ", None)],
        schema={name: dtype for name, dtype in EDITS.items() if name != "score"}, orient="row",
    )  # fmt: skip
    assert_frame_equal(edits.drop("score"), expected)
    assert edits["score"].is_between(GLUE.thresholds["en"], 1).all()


@pytest.mark.parametrize(
    ("glued", "mended"),
    [
        ("The bridge was closed.The mayor went home.", "The bridge was closed. The mayor went home."),
        ("Was it over?”They waited.", "Was it over?” They waited."),
    ],
)
def test_sentences_without_their_space_get_one(glued: str, mended: str):
    assert mend(glued) == mended
    assert propose(glued)["rule"].to_list() == ["glued_sentences"]


LEFT_ALONE = [
    "He wrote node.js code for example.Com and U.S.A. clients at www.harbourwas.org and https://x.org/countriesdo.",
    "Mail saidMonday@example.org, #countriesdo, @saidMonday, governmentwhich.txt, get_governmentwhich().",
    "Watch it on YouTube, your iPhone or an iPad; the eBay and PayPal pages of McDonald’s use JavaScript.",
    "He shouted ‘Alto a las protestas’ and left the Bundestagswahl to others.",
    "MacDonald, McCarthy, DeSantis, LeBron, O’Neill, D’Souza and FitzGerald spoke with O'Connell.",
    "A self-governing, non-countriesdo, twelve-hour, mid-sized thing of 12km, 40mph, 5GHz, 3kW and 20mL, i.e. ca. 3pm.",
    "Unforeseeably, the rewilders recategorised semiprofessional oystercatchers as ungovernable.",
    "The file.Close and user.Name calls, Fig.Two and vs.The rest.",
    "BREAKING NEWS: COUNTRIESDO WHAT THE GOVERNMENTWHICH SAYS",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_glued_is_left_alone(text: str):
    assert mend(text) == text


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "de",
            "Die Donaudampfschifffahrtsgesellschaft und der Hafenmeisterverband prüften Brückenlastberechnungen.",
        ),
        ("nl", "De havenmeestersvereniging en de bruggenbouwersbond lazen het scheepvaartreglement."),
        ("no", "Havnefogdforeningen og brobyggerforbundet leste sjøfartsreglementet."),
        ("es", "Quisieron endurecerla, apagarlos y contárselo."),
        ("it", "Volevano spegnerlo, rileggerla e raccontarglielo."),
    ],
)
def test_compounds_and_clitics_are_one_word(lang: str, text: str):
    assert mend(text, lang) == text


@pytest.mark.parametrize("lang", CLEAN_PROSE)
def test_clean_prose_is_never_split(lang: str):
    text = CLEAN_PROSE[lang]
    assert_frame_equal(
        propose(text, text.upper(), text.title(), lang=lang).filter(doc_id="d0000"), empty(EDITS)
    )
    assert_frame_equal(propose(text.upper(), lang=lang), empty(EDITS))


def test_a_name_that_no_list_holds_is_split_where_the_document_writes_it_apart():
    glued, told = "In the evening Wexthorpewhich owns the mill agreed. ", "Then Wexthorpe left."
    assert mend(glued) == glued
    assert mend(glued + told) == glued.replace("which", " which") + told


def test_a_document_does_not_vouch_for_another():
    texts = ["In the evening Wexthorpewhich owns the mill agreed.", "Then Wexthorpe left. Wexthorpe said so."]
    assert_frame_equal(propose(*texts), empty(EDITS))


def test_documents_have_the_same_splits_alone_and_together():
    texts = [glued for _, glued, _ in MENDED] + LEFT_ALONE
    together = propose(*texts)
    for number, text in enumerate(texts):
        own = together.filter(doc_id=f"d{number:04}").with_columns(doc_id=pl.lit("d0000"))
        assert_frame_equal(own, propose(text))


@pytest.mark.parametrize("lang", ["sw", None])
def test_a_language_without_a_threshold_is_left_alone(lang: str | None):
    raw = raw_of(MENDED[0][1])
    langs = raw.select("doc_id", lang=pl.lit(lang, pl.String))
    assert_frame_equal(propose_splits(to_lines(raw), langs, GLUE), empty(EDITS))


def test_each_document_is_split_in_its_own_language():
    raw = raw_of(MENDED[0][1], MENDED[8][1])
    langs = pl.DataFrame({"doc_id": ["d0000", "d0001"], "lang": ["en", "de"]})
    assert propose_splits(to_lines(raw), langs, GLUE)["doc_id"].to_list() == ["d0000", "d0001"]


words = st.sampled_from(
    ["countries", "do", "said", "Monday", "Putin", "and", "harbour", "which", "Wexthorpe", "’s", "İ"]
)
glue_like = st.lists(st.tuples(words, st.sampled_from(["", " ", ".", "\n", "’", "\u0301"]))).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@examples(40)
@given(st.lists(st.one_of(glue_like, awkward_text), max_size=4))
def test_only_spaces_between_letters_are_added(texts: list[str]):
    raw = raw_of(*texts)
    proposed = propose(*texts)
    assert (proposed["start"] == proposed["end"]).all()
    for doc_id, text in raw.select("doc_id", "raw_text").iter_rows():
        for place in proposed.filter(doc_id=doc_id)["start"]:
            assert text[place - 1].isalpha() or text[place - 1] in ".!?”’)"
            assert text[place].isalpha()
    resolved = resolve_overlaps([proposed])
    assert_frame_equal(resolved, proposed)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "unit", ["countriesdo", "Putin", "governmentwhich ", "aB", "a’", "closed.The", "x" * 39 + " "]
)
def test_one_long_line_takes_linear_time(unit: str):
    def prepare(size: int) -> Callable[[], object]:
        text = unit * (size // len(unit))
        return lambda: propose(text)

    propose("load")
    assert cpu_ratio(prepare, 500_000) < LINEAR


def test_a_missing_weight_is_named():
    toml = FILES[0].replace('"repeated"', '"unheard of"')
    with pytest.raises(ValueError, match="repeated"):
        read_glued_words(toml, *FILES[1:])


def test_every_shape_has_a_weight_for_every_feature():
    assert GLUE.weights.shape == (3, len(FEATURES) + 1)
    assert np.isfinite(GLUE.weights).all()
