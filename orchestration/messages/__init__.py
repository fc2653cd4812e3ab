"""Messages to people: a document in one language, its form as text, HTML or markdown, and the ways to send it.

What a message says comes from `reports/` and `pipeline/notify.py`; the places are in `config/notify_config.py`.
"""
