"""Terminal: how text reaches a person or a program: console, tables, JSON, progress."""
