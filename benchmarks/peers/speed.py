"""How fast trees answer: XGBoost (500 of depth 6) or scikit-learn's HistGradientBoosting of the same size, one thread.

Answers one JSON line to each: {do: "fit", peer, path, labels, rows, columns} reads a float32 matrix (row-major, NaN =
missing) and its labels (a byte each), and fits to them: trees of labels that are easily told stay small, and are quicker than those of
real ones; {do: "time", rows, calls} says the mean microseconds of a call with so many rows, timed in here: the pipe is no
part of it; {do: "serve"} opens an HTTP service around it on a free port of this machine, POST {"row": [...]} to {"probability": p},
as one would write it first, and says the port.
"""
import importlib.util
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

TREES, DEPTH = 500, 6


def fitted(question):
    x = np.fromfile(question["path"], dtype=np.float32).reshape(question["rows"], question["columns"])
    y = np.fromfile(question["labels"], dtype=np.uint8)
    if question["peer"] == "xgboost":
        import xgboost

        trees = xgboost.train(
            {"objective": "binary:logistic", "max_depth": DEPTH, "eta": 0.05, "nthread": 1, "tree_method": "hist"},
            xgboost.DMatrix(x, y),
            TREES,
        )
        return x, trees.inplace_predict
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(max_iter=TREES, max_depth=DEPTH, early_stopping=False).fit(x, y)
    return x, trees.predict_proba


def serve(predict):
    """The service on a port of its own; connections are kept, each in a thread."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # an answer is one write

        def do_POST(self):
            row = json.loads(self.rfile.read(int(self.headers["content-length"])))["row"]
            p = float(np.ravel(predict(np.asarray([row], dtype=np.float32)))[-1])
            body = json.dumps({"probability": p}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


print(json.dumps({"ready": "numpy " + np.__version__}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    if question["do"] == "fit":
        if importlib.util.find_spec({"xgboost": "xgboost", "sklearn": "sklearn"}[question["peer"]]) is None:
            print(json.dumps({"missing": question["peer"]}), flush=True)
            continue
        x, predict = fitted(question)
        print(json.dumps({"fitted": len(x)}), flush=True)
    elif question["do"] == "serve":
        print(json.dumps({"port": serve(predict)}), flush=True)
    else:
        rows = x[np.arange(question["rows"]) % len(x)]
        predict(rows)
        begun = time.perf_counter()
        for _ in range(question["calls"]):
            predict(rows)
        print(json.dumps({"us": (time.perf_counter() - begun) * 1e6 / question["calls"]}), flush=True)
