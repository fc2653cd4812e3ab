"""`make bench`: what landing costs beside a plain read of the same files, and what a run and one more day cost."""

from bench import landing, nightly

landing.main([])
nightly.main([])
