"""Completion scripts for bash, zsh and fish, made from the parser so that they cannot lag behind it."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

Shell = Literal["bash", "zsh", "fish"]

FILES = {"FILE", "DIR", "PATH"}
"""Values of this name are paths."""


@dataclass(frozen=True)
class Option:
    """One option: its long and short names, whether a value follows, and which."""

    names: tuple[str, ...]
    text: str
    value: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """One command: options, and the words or files that may follow it."""

    name: str
    text: str
    options: tuple[Option, ...]
    words: tuple[str, ...] = ()
    files: bool = False


def completions_for(shell: Shell, parser: argparse.ArgumentParser) -> str:
    """The script of one shell, ready to be sourced or put where the shell looks for it."""
    top, commands = _read(parser)
    makers: dict[str, Callable[[Command, tuple[Command, ...]], str]] = {
        "bash": _bash,
        "zsh": _zsh,
        "fish": _fish,
    }
    return makers[shell](top, commands)


def described(parser: argparse.ArgumentParser) -> tuple[Command, tuple[Command, ...]]:
    """The whole command line, and each command, as plain data."""
    return _read(parser)


# -- the parser as data -----------------------------------------------------------------------------------


def _read(parser: argparse.ArgumentParser) -> tuple[Command, tuple[Command, ...]]:
    commands: list[Command] = []
    for action in _actions(parser):
        parsers = _parsers(action)
        if parsers:
            listed = cast("list[argparse.Action]", vars(action)["_choices_actions"])
            texts = {one.dest: one.help or "" for one in listed}
            commands += [_command(name, texts.get(name, ""), made) for name, made in parsers.items()]
    return _command(parser.prog, parser.description or "", parser), tuple(commands)


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    # argparse offers no public way to ask a parser what it takes
    return cast("list[argparse.Action]", vars(parser)["_actions"])


def _parsers(action: argparse.Action) -> dict[str, argparse.ArgumentParser]:
    choices = cast(object, action.choices)
    return cast("dict[str, argparse.ArgumentParser]", choices) if isinstance(choices, dict) else {}


def _command(name: str, text: str, parser: argparse.ArgumentParser) -> Command:
    shown = [one for one in _actions(parser) if one.help != argparse.SUPPRESS]
    options = tuple(_option(one) for one in shown if one.option_strings)
    places = [one for one in shown if not one.option_strings and not _parsers(one)]
    words = tuple(word for place in places for word in _words(place))
    return Command(name, text, options, words, any(place.metavar in FILES for place in places))


def _words(action: argparse.Action) -> tuple[str, ...]:
    from .core.settings_keys import RULE_NAMES
    from .core.universe import INSTRUMENTS

    if action.choices is not None:
        return tuple(str(choice) for choice in action.choices)
    if action.metavar in ("SYMBOL", "AGAINST"):
        return tuple(one.short for one in INSTRUMENTS)
    return RULE_NAMES if action.metavar == "RULE" else ()


def _option(action: argparse.Action) -> Option:
    takes = action.nargs != 0
    value = str(action.metavar or action.dest.upper()) if takes else None
    text = (action.help or "") % {**vars(action), "prog": ""} if action.help else ""
    return Option(tuple(action.option_strings), text, value, _words(action) if takes else ())


# -- bash -------------------------------------------------------------------------------------------------


def _bash(top: Command, commands: tuple[Command, ...]) -> str:
    every = [option for one in (top, *commands) for option in one.options]
    with_value = sorted({name for option in every if option.value for name in option.names})
    cases = "\n".join(_bash_words(one.name, one) for one in commands)
    names = " ".join(one.name for one in commands)
    chosen = "\n".join(
        f'        {"|".join(option.names)}) words="{" ".join(option.choices)}" ;;'
        for option in dict.fromkeys(every)
        if option.choices
    )
    return f"""\
# bash completion of {top.name}
_{top.name}() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            {"|".join(with_value)}) ((i++)) ;;
            -*) ;;
            *) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    COMPREPLY=()
    case $prev in
{chosen or "        '') ;;"}
        {"|".join(with_value)}) return ;;
    esac
    [ -n "$words" ] || case $command in
        '') words="{names} {_names(top)}" ;;
{cases}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o bashdefault -o default -F _{top.name} {top.name}
"""


def _bash_words(name: str, command: Command) -> str:
    words = " ".join((*command.words, _names(command)))
    return f'        {name}) words="{words}" ;;'


def _names(command: Command) -> str:
    return " ".join(name for option in command.options for name in option.names if name.startswith("--"))


# -- zsh --------------------------------------------------------------------------------------------------


def _zsh(top: Command, commands: tuple[Command, ...]) -> str:
    listed = "\n".join(f"        {_quoted(f'{one.name}:{_colons(one.text)}')}" for one in commands)
    cases = "\n".join(f"        {one.name}) _arguments -s {' '.join(_zsh_arguments(one))} ;;" for one in commands)
    return f"""\
#compdef {top.name}
_{top.name}() {{
    local curcontext="$curcontext" state line
    local -a commands
    commands=(
{listed}
    )
    _arguments -C -s {" ".join(_zsh_options(top))} '1:command:->command' '*::argument:->rest'
    case $state in
    command) _describe command commands ;;
    rest)
        case $words[1] in
{cases}
        esac ;;
    esac
}}
if [ "$funcstack[1]" = "_{top.name}" ]; then _{top.name} "$@"; else compdef _{top.name} {top.name}; fi
"""


def _zsh_arguments(command: Command) -> Iterator[str]:
    yield from _zsh_options(command)
    if command.files:
        yield _quoted("*:file:_files")
    elif command.words:
        yield _quoted(f"*:word:({' '.join(command.words)})")


def _zsh_options(command: Command) -> Iterator[str]:
    for option in command.options:
        for name in option.names:
            text = _colons(option.text).replace("[", "\\[").replace("]", "\\]")
            yield _quoted(f"{name}[{text}]{_zsh_value(option)}")


def _zsh_value(option: Option) -> str:
    if option.value is None:
        return ""
    if option.choices:
        return f":{option.value.lower()}:({' '.join(option.choices)})"
    return f":{option.value.lower()}:{'_files' if option.value in FILES else ''}"


def _colons(text: str) -> str:
    return text.replace(":", "\\:")


def _quoted(text: str) -> str:
    quote = "'\\''"
    return f"'{text.replace(chr(39), quote)}'"


# -- fish -------------------------------------------------------------------------------------------------


def _fish(top: Command, commands: tuple[Command, ...]) -> str:
    start = f"complete -c {top.name}"
    lines = [f"# fish completion of {top.name}", f"{start} -f"]
    lines += [f"{start} {part}" for part in _fish_options(top, "__fish_use_subcommand")]
    for one in commands:
        lines.append(f"{start} -n __fish_use_subcommand -a {one.name} -d {_quoted(one.text)}")
        seen = f"__fish_seen_subcommand_from {one.name}"
        if one.words:
            lines.append(f"{start} -n {_quoted(seen)} -a {_quoted(' '.join(one.words))}")
        if one.files:
            lines.append(f"{start} -n {_quoted(seen)} -F")
        lines += [f"{start} {part}" for part in _fish_options(one, seen)]
    return "\n".join(lines) + "\n"


def _fish_options(command: Command, when: str) -> Iterator[str]:
    for option in command.options:
        names = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
        takes = "" if option.value is None else " -r -F" if option.value in FILES else " -x"
        choices = f" -a {_quoted(' '.join(option.choices))}" if option.choices else ""
        yield f"-n {_quoted(when)} {names}{takes}{choices} -d {_quoted(option.text)}"
