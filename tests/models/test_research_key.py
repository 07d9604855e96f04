"""The key of the research exports: random, kept, and closed to whoever lacks the data key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clinic_app.errors import StoreProblem
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.models.keys import new_data_key
from clinic_app.models.research_key import MOST_DAYS, Disguise, ResearchKey
from clinic_app.models.small_files import SmallFile, SmallFiles
from clinic_app.settings import Settings

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = [(number, AT + timedelta(days=number)) for number in range(400)]


@pytest.fixture
def data_key() -> DataKey:
    return DataKey(new_data_key())


@pytest.fixture
def files(tmp_path: Path, database: Database) -> SmallFiles:
    """Where a clinic keeps its small files."""
    if database.line is None:
        return SmallFiles.in_folder(Settings(data=tmp_path))
    return SmallFiles.on_server(database.engine)


@pytest.fixture
def file(files: SmallFiles) -> SmallFile:
    return files.research


def test_a_patient_keeps_the_disguise_and_a_new_one_gets_another(file: SmallFile, data_key: DataKey) -> None:
    first = ResearchKey(file, data_key).disguises(PEOPLE[:300])
    later = ResearchKey(file, data_key).disguises(PEOPLE)
    assert {number: later[number] for number in first} == first
    assert len({each.pseudonym for each in later.values()}) == len(PEOPLE)


def test_every_date_moves_and_by_no_more_than_half_a_year(file: SmallFile, data_key: DataKey) -> None:
    shifts = {each.shift_days for each in ResearchKey(file, data_key).disguises(PEOPLE).values()}
    assert 0 not in shifts
    assert max(map(abs, shifts)) <= MOST_DAYS
    assert min(shifts) < 0 < max(shifts)
    assert len(shifts) > 100


def test_two_keys_give_the_same_people_other_disguises(files: SmallFiles, data_key: DataKey) -> None:
    one = ResearchKey(files.research, data_key).disguises(PEOPLE)
    other = ResearchKey(files.keys, data_key).disguises(PEOPLE)
    assert not {each.pseudonym for each in one.values()} & {each.pseudonym for each in other.values()}


def test_whoever_got_the_number_of_another_patient_after_a_restore_is_somebody_else(
    file: SmallFile, data_key: DataKey
) -> None:
    (before,) = ResearchKey(file, data_key).disguises([(7, AT)]).values()
    (after,) = ResearchKey(file, data_key).disguises([(7, AT + timedelta(hours=1))]).values()
    assert before.pseudonym != after.pseudonym


@pytest.mark.about_files
def test_the_file_is_its_owners(files: SmallFiles, tmp_path: Path, data_key: DataKey) -> None:
    ResearchKey(files.research, data_key).disguises(PEOPLE)
    assert Settings(data=tmp_path).research_key_file.stat().st_mode & 0o777 == 0o600


def test_the_file_tells_nothing_without_the_data_key(file: SmallFile, data_key: DataKey) -> None:
    found = ResearchKey(file, data_key).disguises(PEOPLE)
    content = file.read()
    assert not any(each.pseudonym.encode() in content for each in found.values())
    with pytest.raises(StoreProblem, match="Restore it from a backup"):
        ResearchKey(file, DataKey(new_data_key())).disguises(PEOPLE)
    assert file.read() == content


@pytest.mark.parametrize("content", ["", "{}", '{"format": 1, "sealed": "AAAA"}', "[1]", '{"format": 1, "sealed": 5}'])
def test_a_damaged_file_is_a_sentence_and_never_written_over(file: SmallFile, data_key: DataKey, content: str) -> None:
    file.write(content.encode())
    with pytest.raises(StoreProblem):
        ResearchKey(file, data_key).disguises(PEOPLE)
    assert file.read() == content.encode()


def test_nothing_is_written_when_nobody_is_new(file: SmallFile, data_key: DataKey) -> None:
    key = ResearchKey(file, data_key)
    key.disguises(PEOPLE)
    content = file.read()
    assert isinstance(key.disguises(PEOPLE[:5])[3], Disguise)
    assert file.read() == content
