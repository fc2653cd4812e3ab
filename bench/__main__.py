"""`make bench`: what landing costs beside a plain read of the same files, and what a run and one more day cost."""

import sys

from bench import landing, nightly

sys.argv = sys.argv[:1]
landing.main()
nightly.main()
