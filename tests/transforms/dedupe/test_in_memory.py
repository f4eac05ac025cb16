from polars.testing import assert_frame_equal

from copydesk.transforms.contract import CLEAN, DUPLICATES, empty
from copydesk.transforms.dedupe.in_memory import find_duplicates, resolve_documents
from tests.transforms.conftest import PROSE, cleaned_of
from tests.transforms.dedupe.texts import story


def test_no_documents_have_no_duplicates():
    assert_frame_equal(find_duplicates(empty(CLEAN)), empty(DUPLICATES))


def test_a_text_that_two_keepers_hold_is_merged_into_one_and_overlaps_the_other():
    passage = " ".join(PROSE)
    documents = cleaned_of(f"{story()} {passage}", f"{passage} {story()[::-1]}", passage)
    _, resolution = resolve_documents(documents)
    assert resolution.merges["kind"].to_list() == ["contained"]
    assert resolution.overlaps["kind"].to_list() == ["contained"]
    assert resolution.unresolved.is_empty()
    _, without = resolve_documents(documents, with_overlaps=False)
    assert_frame_equal(without.merges, resolution.merges)
    assert without.overlaps.is_empty()
