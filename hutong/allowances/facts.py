"""Tables to the law's facts: what is asked about a child's recognition."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from hutong.law.applying import PaperFact
from hutong.law.categories import Basis
from hutong.law.facts import AidFact, ChildFacts, CircumstanceFact, HoldingFact, ParentFact, StudyFact
from hutong.law.recognition import ADOPTIVE, ORPHANS
from hutong.protection.facts import placement_facts
from hutong.protection.models import Placement
from hutong.registry.models import CategoryHolding, Child, Circumstance, Evidence, OtherAid, Parent, Study
from hutong.registry.queries import files_of, leading_of


def child_facts(child: Child) -> ChildFacts:
    """What the law is told of a child (认定事实), of all its files; a parent named in two files is one."""
    return facts_of_many([child])[child.pk]


def facts_of_many(children: Sequence[Child], leading: Mapping[int, int] | None = None) -> dict[int, ChildFacts]:
    """What the law is told of many children (批量认定事实), by id of the file that leads; a few questions for all.

    `leading`: their files, where they are known already.
    """
    leading = leading or leading_of([child.pk for child in children])
    parents: dict[int, list[Parent]] = defaultdict(list)
    for parent in Parent.objects.filter(child__in=leading, until_on__isnull=True).order_by("role", "id"):
        parents[leading[parent.child_id]].append(parent)
    told: dict[int, list[Circumstance]] = defaultdict(list)
    own: dict[int, list[Circumstance]] = defaultdict(list)
    for one in Circumstance.objects.filter(child__in=leading).order_by("from_on", "id"):
        (told[one.parent_id] if one.parent_id else own[leading[one.child_id]]).append(one)
    adopted = _adoptions(parents)
    recognised = _recognised_before(adopted, leading)
    placed: dict[int, list[Placement]] = defaultdict(list)
    for placement in Placement.objects.filter(child__in=leading):
        placed[leading[placement.child_id]].append(placement)
    return {
        child.pk: ChildFacts(
            birth_date=child.birth_date,
            sex=child.sex,
            adopted_on=adopted.get(child.pk),
            died_on=child.closed_on if child.closed_reason == "died" else None,
            parents=tuple(_parents((parent, told[parent.pk]) for parent in parents[child.pk])),
            circumstances=tuple(_circumstance(one) for one in own[child.pk]),
            holdings=tuple(recognised[child.pk]),
            placements=placement_facts(placed[child.pk]),
        )
        for child in children
    }


def _adoptions(parents: Mapping[int, Sequence[Parent]]) -> dict[int, date]:
    """The day from which each adopted child is adopted (收养登记日), where it is known."""
    days = {
        pk: [one.from_on for one in theirs if one.role in ADOPTIVE and one.from_on] for pk, theirs in parents.items()
    }
    return {pk: min(known) for pk, known in days.items() if known}


def _recognised_before(adopted: Mapping[int, date], leading: Mapping[int, int]) -> Mapping[int, list[HoldingFact]]:
    """The recognitions as an orphan of adopted children (收养前认定), by id of the file that leads."""
    found: dict[int, list[HoldingFact]] = defaultdict(list)
    files = [file for file, leads in leading.items() if leads in adopted]
    held = CategoryHolding.objects.filter(child__in=files, category__in=sorted(ORPHANS)) if files else ()
    for one in held:
        found[leading[one.child_id]].append(HoldingFact(category=one.category, decided_on=one.from_on))
    return found


def facts_to_check(children: Sequence[Child], leading: Mapping[int, int]) -> dict[int, ChildFacts]:
    """What other departments can be asked about many children (可核对事实): with study and other aid besides."""
    study = study_facts(leading)
    aid: dict[int, list[AidFact]] = defaultdict(list)
    for other in OtherAid.objects.filter(child__in=leading).order_by("from_on", "id"):
        span = {"from_on": other.from_on, "until_on": other.until_on}
        aid[leading[other.child_id]].append(AidFact(kind=other.kind, **span))
    return {
        pk: replace(facts, study=tuple(study[pk]), other_aid=tuple(aid[pk]))
        for pk, facts in facts_of_many(children, leading).items()
    }


def study_facts(leading: Mapping[int, int]) -> Mapping[int, list[StudyFact]]:
    """The studies of many children (就学事实), the earliest first, by id of the file that leads."""
    found: dict[int, list[StudyFact]] = defaultdict(list)
    for one in Study.objects.filter(child__in=leading).order_by("from_on", "id"):
        fact = StudyFact(level=one.level, is_full_time=one.is_full_time, from_on=one.from_on, until_on=one.until_on)
        found[leading[one.child_id]].append(fact)
    return found


def parents_of(child: Child) -> list[Parent]:
    """The parents of a child now (父母), of all its files, each with its circumstances."""
    found = Parent.objects.filter(child__in=files_of(child), until_on__isnull=True)
    return list(found.prefetch_related("circumstances__evidence").order_by("role", "id"))


def own_circumstances(child: Child) -> list[Circumstance]:
    """The circumstances of the child itself (儿童本人情形), of all its files."""
    found = Circumstance.objects.filter(child__in=files_of(child), parent__isnull=True)
    return list(found.prefetch_related("evidence").order_by("from_on", "id"))


def papers_held(child: Child) -> list[Evidence]:
    """The papers of a child that have not been withdrawn (现有材料); sealed ones are not among them."""
    return list(Evidence.objects.filter(child__in=files_of(child), withdrawn_on__isnull=True, is_sealed=False))


def sealed_papers(child: Child) -> list[Evidence]:
    """The sealed papers of a file that have not been withdrawn (密封材料); for people named for the child alone."""
    return list(Evidence.objects.filter(child=child, withdrawn_on__isnull=True, is_sealed=True))


def facts_under_seal(facts: ChildFacts, basis: Basis | None) -> ChildFacts:
    """The facts with what stands under seal (密封事实); for people named for the child alone."""
    if basis is not Basis.HIV:
        return facts
    return replace(facts, circumstances=(*facts.circumstances, CircumstanceFact(kind="hiv")))


def paper_facts(papers: Iterable[Evidence]) -> tuple[PaperFact, ...]:
    """Papers as the law sees them (材料事实)."""
    return tuple(PaperFact(paper.kind, paper.expires_on) for paper in papers)


def _parents(parents: Iterable[tuple[Parent, Sequence[Circumstance]]]) -> Iterable[ParentFact]:
    people: dict[tuple[str, str, bool], dict[tuple[object, ...], CircumstanceFact]] = {}
    for parent, told in parents:
        circumstances = people.setdefault((parent.role, parent.name, parent.is_unknown), {})
        circumstances |= {_same(one): _circumstance(one) for one in told}
    for (role, _name, is_unknown), found in people.items():
        yield ParentFact(role=role, is_unknown=is_unknown, circumstances=tuple(found.values()))


def _same(one: Circumstance) -> tuple[object, ...]:
    return one.kind, one.from_on, one.until_on


def _circumstance(one: Circumstance) -> CircumstanceFact:
    return CircumstanceFact(
        kind=one.kind,
        from_on=one.from_on,
        until_on=one.until_on,
        grade=one.grade,
        disability_class=one.disability_class,
        reported_on=one.reported_on,
        notice_on=one.notice_on,
    )
