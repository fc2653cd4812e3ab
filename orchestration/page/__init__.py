"""The report page: one HTML file per release, written from the finished release file alone.

`data.py` collects what the page shows, `html.py` puts it into one file with its scripts and styles, `write.py` places
the file and checks it. Scripts and styles are in `assets/`; the browser draws every block from the data.
"""
