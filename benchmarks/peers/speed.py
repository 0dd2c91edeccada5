"""How fast trees answer: XGBoost (500 of depth 6) or scikit-learn's HistGradientBoosting of the same size, one thread.

Answers one JSON line to each: {do: "fit", peer, path, rows, columns} reads a float32 matrix (row-major, NaN = missing) and
fits to seeded labels, since speed does not ask what was learned; {do: "time", rows, calls} says the mean microseconds of a
call with so many rows, timed in here: the pipe is no part of it.
"""
import importlib.util
import json
import sys
import time

import numpy as np

TREES, DEPTH = 500, 6


def fitted(question):
    x = np.fromfile(question["path"], dtype=np.float32).reshape(question["rows"], question["columns"])
    rng = np.random.default_rng(1)
    y = (np.nan_to_num(x[:, :8]).argsort(axis=1)[:, 0] + rng.integers(0, 3, len(x)) > 4).astype(int)
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


print(json.dumps({"ready": "numpy " + np.__version__}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    if question["do"] == "fit":
        if importlib.util.find_spec({"xgboost": "xgboost", "sklearn": "sklearn"}[question["peer"]]) is None:
            print(json.dumps({"missing": question["peer"]}), flush=True)
            continue
        x, predict = fitted(question)
        print(json.dumps({"fitted": len(x)}), flush=True)
    else:
        rows = x[np.arange(question["rows"]) % len(x)]
        predict(rows)
        begun = time.perf_counter()
        for _ in range(question["calls"]):
            predict(rows)
        print(json.dumps({"us": (time.perf_counter() - begun) * 1e6 / question["calls"]}), flush=True)
