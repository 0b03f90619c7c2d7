"""The rules against an oracle that shares no code with them, on thousands of invented customers."""

import json
from pathlib import Path

import pytest

from shop.transfers.legacy_shops.canonical_csv import CanonicalCsv
from shop.transfers.rules.decisions import Circumstances
from tests.oracle.exports import TODAY, TRANSFER_ON, an_export
from tests.oracle.verdicts import verdicts
from tests.shop.transfers.in_memory import SAMPLES, catalogue_of, decide_all

CATALOGUE = json.loads((SAMPLES / "catalogue.json").read_text())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rules_and_oracle_agree_about_two_thousand_customers(seed: int, tmp_path: Path):
    files = an_export(CATALOGUE, customers=2000, seed=seed)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    expected = verdicts(
        files, CATALOGUE, today=TODAY.isoformat(), transfer_on=TRANSFER_ON.isoformat(), providers={"sandbox"}
    )
    decided = decide_all(
        CanonicalCsv(),
        {path.name: path for path in tmp_path.iterdir()},
        catalogue_of(SAMPLES / "catalogue.json"),
        Circumstances(exported_on=TODAY, transfer_on=TRANSFER_ON, providers=frozenset({"sandbox"})),
    )

    assert len(decided.decisions) == 2000
    for known, decision in decided.decisions.items():
        wanted = expected["customers"][known]
        actual = (decision.outcome, set(decision.codes), set(decision.warnings))
        assert actual == (wanted["outcome"], wanted["codes"], wanted["warnings"]), known
        assert {s.row.legacy_id: s.outcome for s in decision.subscriptions} == {
            s.row.legacy_id: expected["subscriptions"][s.row.legacy_id] for s in decision.subscriptions
        }
        assert {o.row.legacy_id: o.outcome for o in decision.orders} == {
            o.row.legacy_id: expected["orders"][o.row.legacy_id] for o in decision.orders
        }
        assert {m.row.legacy_id: m.outcome for m in decision.methods} == {
            m.row.legacy_id: expected["methods"][m.row.legacy_id] for m in decision.methods
        }
    assert {(f.file, f.line, f.column, f.code) for f in decided.findings} == expected["findings"]
    outcomes = {decision.outcome for decision in decided.decisions.values()}
    assert outcomes == {"moves", "blocked", "nothing_to_move"}
