"""XGBoost with a small random search by cross-validated log loss: a peer of the cold start figures.

Reads one JSON a line: {path, width, train, test, event, seed, tries}; `path` is a float32 matrix, row-major, NaN = missing.
Answers one JSON a line: {p: probabilities of the test rows, chosen}. The number of rounds is read off the cross-validated
path, so that each of the `tries` settings is judged at its best.

Without more the folds are random. `parts` gives others: a list of [rows to fit, rows to judge], both positions in `train`;
where time matters the second come after the first. `rounds` is the most rounds tried. {file} names a file with the question,
for one that is longer than a pipe holds.
"""
import json
import sys

import numpy as np
import xgboost as xgb

SPACE = dict(
    max_depth=[1, 2, 3, 4, 6],
    eta=[0.03, 0.1, 0.3],
    min_child_weight=[1, 3, 10],
    subsample=[0.7, 1],
    colsample_bytree=[0.4, 0.7, 1],
    reg_lambda=[0.3, 1, 3, 10],
)
ROUNDS = 150


def params(chosen, y, seed):
    share = (y.sum() + 0.5) / (len(y) + 1)
    return dict(
        objective="binary:logistic",
        eval_metric="logloss",
        nthread=1,
        verbosity=0,
        seed=seed,
        base_score=float(share),
        tree_method="exact" if len(y) <= 200 else "hist",
        **chosen,
    )


def random_parts(n, rng):
    k = 3 if n >= 200 else 4
    fold = np.arange(n) % k
    rng.shuffle(fold)
    return [(np.flatnonzero(fold != j), np.flatnonzero(fold == j)) for j in range(k)]


def searched(X, y, seed, tries, given, rounds):
    rng = np.random.default_rng(seed)
    parts = [
        (xgb.DMatrix(X[fit], label=y[fit]), xgb.DMatrix(X[held], label=y[held]), y[fit])
        for fit, held in (given or random_parts(len(y), rng))
    ]
    best = None
    for _ in range(tries):
        chosen = {name: rng.choice(values).item() for name, values in SPACE.items()}
        path = np.zeros(rounds)
        for train, held, labels in parts:
            log = {}
            xgb.train(
                params(chosen, labels, seed), train, rounds, evals=[(held, "held")], evals_result=log, verbose_eval=False
            )
            path += np.array(log["held"]["logloss"]) * held.num_row()
        at = int(path.argmin())
        if best is None or path[at] < best[0]:
            best = (path[at], chosen, at + 1)
    _, chosen, best_rounds = best
    return xgb.train(params(chosen, y, seed), xgb.DMatrix(X, label=y), best_rounds), {**chosen, "rounds": best_rounds}


matrices = {}
print(json.dumps({"ready": xgb.__version__}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    if "file" in ask:
        with open(ask["file"]) as question:
            ask = json.load(question)
    path = ask["path"]
    if path not in matrices:
        matrices[path] = np.fromfile(path, dtype=np.float32).reshape(-1, ask["width"])
    M = matrices[path]
    y = np.array(ask["event"], dtype=float)
    test = np.array(ask["test"])
    if y.min() == y.max():
        p, chosen = np.full(len(test), (y.sum() + 1) / (len(y) + 2)), {}
    else:
        given = [(np.array(fit), np.array(held)) for fit, held in ask.get("parts", [])]
        rounds = ask.get("rounds", ROUNDS)
        model, chosen = searched(M[np.array(ask["train"])], y, ask["seed"], ask["tries"], given, rounds)
        p = model.predict(xgb.DMatrix(M[test]))
    print(json.dumps({"p": [round(float(v), 7) for v in p], "chosen": chosen}), flush=True)
