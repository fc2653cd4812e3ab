"""Commands: the operator's command line, one module for each group of commands.

A command reads its options, takes the lock where it writes, calls another room and prints what that returns.
`main.py` has the application, `shop_command.py` what all commands share. Nothing is computed here.
"""
