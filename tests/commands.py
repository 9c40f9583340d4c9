"""The command line with all its commands, made once."""

from bot.cli import program

cli = program()
