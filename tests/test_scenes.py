"""The scenes of tests/scenes on the real road, word for word. `pytest --accept` writes down what is shown."""

from pathlib import Path

import pytest

from tests.scenes import HERE, Scene, played, scenes
from tests.transcripts import require_word_for_word

ALL = [(path, scene) for path in sorted(HERE.glob("*.md")) for scene in scenes(path)]


@pytest.mark.parametrize(("path", "scene"), ALL, ids=[f"{path.stem}: {scene.title}" for path, scene in ALL])
def test_people_see_this_word_for_word(path: Path, scene: Scene, request: pytest.FixtureRequest) -> None:
    accept = request.config.getoption("--accept")
    require_word_for_word(path, scene.body, played(scene), accept=accept)


def test_there_are_enough_scenes_in_both_languages() -> None:
    assert len(ALL) >= 14
    assert sum(scene.language == "en" for _, scene in ALL) >= 2
