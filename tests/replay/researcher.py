"""What a researcher does with an export: fetches it from a server, and looks for opinion groups.

A program of its own, without anything of ours: `python researcher.py FOLDER` prints JSON.
"""

import json
import sys
import threading
import warnings
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

warnings.simplefilter("ignore")  # the tool's own, about its libraries

from reddwarf.data_loader import Loader  # noqa: E402
from reddwarf.implementations.polis import run_pipeline  # noqa: E402


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=sys.argv[1]))
threading.Thread(target=server.serve_forever, daemon=True).start()
loader = Loader(directory_url=f"http://127.0.0.1:{server.server_port}/", is_cache_enabled=False)
result = run_pipeline(votes=loader.votes_data, random_state=0)
found = {
    "votes": len(loader.votes_data),
    "comments": len(loader.comments_data),
    "twice": len(loader.skipped_dup_votes),
    "groups": result.participants_df["cluster_id"].value_counts().tolist(),
}
print(json.dumps(found))
server.shutdown()
