"""The lists that facts about a child are made of: circumstances, papers, changes, study, other aid, relations."""

from dataclasses import replace

import pytest

from hutong.law import agreements, aid, changes, organisations, papers, placements, relations, study, visits
from hutong.law.categories import BASIS_LENGTH, HIV_WORDS, WITH_SECRET_BASIS, Basis
from hutong.law.circumstances import CIRCUMSTANCES, FINAL, HIDDEN, OF_CHILDREN, OF_PARENTS, WITH_GRADE, WITH_REPORT

SET_A = {"dead", "declared_missing"}
SET_B = {
    "severe_disability", "severe_illness", "imprisoned", "drug_rehab", "liberty_restricted", "out_of_contact",
    "guardianship_revoked", "deported",
}  # fmt: skip
CODES_OF_LAW_CASES = {
    "study": {
        "compulsory", "senior_high", "secondary_vocational", "vocational", "higher_vocational", "undergraduate",
        "master",
    },
    "aid": {"dibao", "tekun", "disability_living", "disability_nursing", "other"},
    "of_child": {"parents_not_found", "disability"},
}  # fmt: skip
LISTS = {
    "papers": papers.PAPERS, "leaving": changes.LEAVING, "returning": changes.RETURNING, "altering": changes.ALTERING,
    "late": changes.LATE, "moving": changes.MOVING, "levels": study.LEVELS, "aids": aid.AIDS,
    "relations": relations.RELATIONS, "kin": relations.KIN, "organisations": organisations.ORGANISATIONS,
    "ways": visits.WAYS, "purposes": visits.PURPOSES,
    "placements": placements.PLACEMENTS, "ending": placements.ENDING_PLACEMENTS, "agreements": agreements.AGREEMENTS,
    "circumstances": {code: (kind.title_zh, kind.title_en) for code, kind in CIRCUMSTANCES.items()},
}  # fmt: skip


@pytest.mark.parametrize("titles", LISTS.values(), ids=LISTS)
def test_every_code_has_its_own_words_in_both_languages(titles):
    for language in (0, 1):
        said = [both[language] for both in titles.values()]
        assert all(said) and len(set(said)) == len(said)


@pytest.mark.parametrize("titles", LISTS.values(), ids=LISTS)
def test_no_list_says_the_infection(titles):
    said = " ".join(f"{code} {zh} {en}" for code, (zh, en) in titles.items()).lower()
    assert not any(word.lower() in said for word in (*HIV_WORDS, "aids"))


def test_parents_can_be_in_all_situations_of_the_two_sets_and_in_no_other():
    assert set(OF_PARENTS) == SET_A | SET_B
    assert set(OF_CHILDREN) == CODES_OF_LAW_CASES["of_child"] | {"severe_illness", HIDDEN}


def test_death_alone_has_no_last_day_and_searches_begin_with_a_report():
    assert {"dead"} == FINAL
    assert {"out_of_contact", "parents_not_found"} == WITH_REPORT
    assert {"severe_disability", "disability"} == WITH_GRADE
    assert CIRCUMSTANCES.keys() >= FINAL | WITH_REPORT | WITH_GRADE


@pytest.mark.parametrize("kind", CIRCUMSTANCES.values(), ids=lambda kind: kind.code)
def test_every_circumstance_names_papers_that_there_are(kind):
    assert kind.papers and set(kind.papers) <= papers.PAPERS.keys()
    assert kind.of_parent or kind.of_child
    assert replace(kind) == CIRCUMSTANCES[kind.code]


def test_a_declaration_and_a_revocation_rest_on_a_judgment_alone():
    of_the_court = {code for code, kind in CIRCUMSTANCES.items() if kind.papers == ("court_judgment",)}
    assert of_the_court == {"declared_missing", "guardianship_revoked"}


def test_the_weak_proof_of_a_death_is_no_paper_of_the_list():
    assert {"village_statement", "neighbour_statement"} <= papers.PAPERS.keys()
    assert not set(CIRCUMSTANCES["dead"].papers) & {"village_statement", "neighbour_statement"}


def test_levels_and_aids_are_those_of_the_law_cases():
    assert study.LEVELS.keys() == CODES_OF_LAW_CASES["study"] | {"preschool"}
    assert aid.AIDS.keys() == CODES_OF_LAW_CASES["aid"]
    assert aid.AIDS.keys() > aid.OF_HOUSEHOLD


def test_schooling_goes_upward():
    order = list(study.LEVELS)
    assert order.index("compulsory") < order.index("senior_high") < order.index("undergraduate") < order.index("master")


def test_what_says_who_somebody_is_is_four_columns():
    assert {"name", "sex", "birth_date", "id_number"} == changes.IDENTITY_COLUMNS


def test_a_reason_belongs_to_one_kind_of_change_only():
    groups = (changes.LEAVING, changes.RETURNING, changes.ALTERING, changes.LATE, changes.MOVING)
    assert len(set().union(*groups)) == sum(map(len, groups))


def test_both_bases_have_room_in_one_length_and_stay_apart():
    padded = {basis.ljust(BASIS_LENGTH) for basis in Basis}
    assert {len(one) for one in padded} == {BASIS_LENGTH} and len(padded) == len(Basis)
    assert {"orphan_kin"} == WITH_SECRET_BASIS
