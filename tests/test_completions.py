"""Completions know every command and option, because they are made from the parser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tapewatch.cli import build_parser
from tapewatch.completions import Shell, completions_for, described

TOP, COMMANDS = described(build_parser())
SHELLS: tuple[Shell, ...] = ("bash", "zsh", "fish")


def completed(tmp_path: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    script = tmp_path / "tapewatch.bash"
    script.write_text(completions_for("bash", build_parser()))
    line = " ".join(f"'{word}'" for word in ("tapewatch", *words))
    asked = f"COMP_WORDS=({line}); COMP_CWORD={len(words)}; _tapewatch; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    ran = subprocess.run(["bash", "-c", f". '{script}'; {asked}"], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    return ran.stdout.split()


def test_a_command_is_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "sna") == ["snapshot"]


def test_options_of_a_command_are_completed(tmp_path: Path) -> None:
    assert "--as-of" in completed(tmp_path, "snapshot", "--a")
    assert completed(tmp_path, "feed", "--ser") == ["--service"]


def test_an_option_with_a_value_is_not_taken_for_the_command(tmp_path: Path) -> None:
    assert completed(tmp_path, "--store", "flags", "sna") == ["snapshot"]


def test_after_an_option_that_wants_a_file_the_shell_offers_files(tmp_path: Path) -> None:
    assert completed(tmp_path, "--config", "") == []


def test_words_a_command_takes_are_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "config", "in") == ["init"]
    assert completed(tmp_path, "fetch", "RU") == ["RUT"]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_known(shell: Shell) -> None:
    script = completions_for(shell, build_parser())
    for command in COMMANDS:
        assert command.name in script
        for option in command.options:
            for name in option.names:
                wanted = f"-l {name[2:]}" if shell == "fish" and name.startswith("--") else name.lstrip("-")
                assert wanted in script, (command.name, name)


def test_what_is_hidden_stays_hidden() -> None:
    assert "--demo-rate" not in completions_for("fish", build_parser())
    assert "demo-seed" not in completions_for("zsh", build_parser())


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_its_script(tmp_path: Path, shell: Shell) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(completions_for(shell, build_parser()))
    ran = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
