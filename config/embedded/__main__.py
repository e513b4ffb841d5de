"""The services from the command line: `python -m config.embedded run -- COMMAND`, start, stop, status, remove."""

import argparse
import sys

from config import embedded


def main() -> int:
    """Do what the arguments say; gives the exit status."""
    options, command = _arguments()
    try:
        if options.action == "run":
            return _run(command, scratch=options.scratch)
        if options.action == "start":
            _say(f"DATABASE_URL={(found := embedded.ensure()).database_url}\nREDIS_URL={found.redis_url}")
        elif options.action == "stop":
            return _stop(force=options.force)
        elif options.action == "remove":
            embedded.remove()
        else:
            return _status()
    except embedded.EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _arguments() -> tuple[argparse.Namespace, list[str]]:
    """The options, and the command after `--`."""
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="run the command after -- with DATABASE_URL and REDIS_URL set")
    run.add_argument("--scratch", action="store_true", help="on a new empty set, thrown away after it")
    actions.add_parser("start", help="start the services to stay")
    stop = actions.add_parser("stop", help="stop the services, or have their last user stop them")
    stop.add_argument("--force", action="store_true", help="whoever uses them")
    actions.add_parser("status", help="say what runs; exit status 3 when nothing does")
    actions.add_parser("remove", help="stop the services and delete the data folder")
    options = parser.parse_args(arguments[:split])
    command = arguments[split + 1 :]
    if (options.action == "run") != bool(command):
        parser.error("run needs a command after --, and nothing else takes one")
    return options, command


def _run(command: list[str], *, scratch: bool) -> int:
    """Run the command on the services."""
    started = embedded.scratch_services() if scratch else embedded.services()
    with embedded.leaving_on_signals(), started as found:
        return embedded.run(command, found)


def _stop(*, force: bool) -> int:
    """Stop, and say who keeps them running."""
    if users := embedded.stop(force=force):
        _say(f"In use by {', '.join(map(str, users))}; the last of these stops the services. Or: stop --force")
    return 0


def _status() -> int:
    """Say what runs."""
    now = embedded.status()
    _say(f"data folder  {now.data}")
    _say(f"PostgreSQL   {f'process {now.postgres}' if now.postgres else 'not running'}")
    _say(f"Valkey       {f'process {now.valkey}' if now.valkey else 'not running'}")
    _say(f"used by      {', '.join(map(str, now.users)) or 'nobody'}{', started to stay' if now.kept else ''}")
    return 0 if now.postgres or now.valkey else 3


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
