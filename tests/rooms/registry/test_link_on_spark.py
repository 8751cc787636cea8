"""The list of a nation on Spark: the pairs, probabilities and reasons that the model finds by itself."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.utils.translation import override

from bench.people import listed_children
from hutong.console.linking import read_records
from hutong.registry.linkage.blocking import LARGEST_BLOCK
from hutong.registry.linkage.model import Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.wording import lines

ROOT = Path(__file__).resolve().parents[3]
SEED = 78
HEADER = ("编号", "姓名", "性别", "birth_date", "证件号码", "living_division", "guardian_name", "监护人电话", "remark")
CROWD = [Record(f"c{at}", "马丹丹", guardian_phone="15400001111") for at in range(LARGEST_BLOCK + 1)]
ODD = [
    Record("o1", birth_date=date(2015, 3, 7), guardian_phone="15400002222", living_division='金凤区, "老街"'),
    Record("o2", birth_date=date(2015, 7, 3), guardian_phone="15400002222", living_division='金凤区, "老街"'),
    Record("o3", "李·法蒂玛", "女", guardian_phone="15400003333"),
    Record("o4", " 李法图麦\u3000", "F", guardian_phone="15400003333"),
    Record("o5"),
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("pyspark"), reason="no pyspark here: make bench installs it"),
    pytest.mark.skipif(not shutil.which("java"), reason="no Java on this machine: install default-jre-headless"),
]


def on_spark(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The tool, as an office calls it: on two cores of this machine, and with no settings of ours."""
    ours = ("HUTONG_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": str(ROOT),
        "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell",
    }
    command = [sys.executable, "tools/link_on_spark.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)


def written(file: Path, records: list[Record]) -> Path:
    """The records as a CSV as Excel writes it; some dates are as people write them, and some rows are empty."""
    with file.open("w", newline="", encoding="utf-8-sig") as target:
        rows = csv.writer(target)
        rows.writerow(HEADER)
        rows.writerows([*record, "无"] for record in records)
        rows.writerows([[""] * len(HEADER)] * 2)
        rows.writerow(["d1", "周子墨", "男", "2014-13-02", "", "", "", "15400004444"])
        rows.writerow(["d2", "周子墨", "1", "2014年2月13日", "", "", "", "15400004444"])
    return file


def test_spark_finds_what_the_model_finds(tmp_path):
    file = written(tmp_path / "list.csv", [*listed_children(5_000, seed=SEED).records, *CROWD, *ODD])
    done = on_spark(file, tmp_path / "pairs", "--threshold", "0")
    assert done.returncode == 0, done.stderr
    parts = sorted((tmp_path / "pairs").glob("*.json"))
    told = [json.loads(line) for part in parts for line in part.read_text().splitlines()]
    records = read_records(file.read_bytes())
    found = Model.load().pairs(records, 0.0)
    pairs = [frozenset((records[pair.left].key, records[pair.right].key)) for pair in found]
    ours = dict(zip(pairs, (pair.probability for pair in found), strict=True))
    with override("zh-hans"):
        why = {pair: [tuple(line) for line in lines(one)] for pair, one in zip(pairs, found.explained(), strict=True)}
    theirs = {frozenset((pair["left"], pair["right"])): pair["probability"] for pair in told}

    assert json.loads(done.stdout) == {"rows": len(records), "threshold": 0.0, "pairs": len(found)}
    assert len(told) == len(theirs) > 1_000
    assert {frozenset(("o1", "o2")), frozenset(("o3", "o4")), frozenset(("d1", "d2"))} <= set(theirs)
    assert theirs == pytest.approx(ours, rel=0, abs=1e-9)
    assert [pair["probability"] for pair in told] == sorted(theirs.values(), reverse=True)
    assert why == {
        frozenset((pair["left"], pair["right"])): [tuple(line.values()) for line in pair["why"]] for pair in told
    }


def test_a_list_in_which_an_id_stands_twice_is_refused(tmp_path):
    file = written(tmp_path / "list.csv", [Record("d1", "马晓燕")])
    done = on_spark(file, tmp_path / "pairs")

    assert done.returncode == 1
    assert "An id stands there twice" in done.stderr
    assert not (tmp_path / "pairs").exists()
