"""Boosted trees as a data scientist would tune them: scikit-learn's HistGradientBoosting and XGBoost, one thread.

boosted.py QUESTION.json ANSWER.json, or boosted.py --version. The question: {method, task, path, width, levels, train, test, target, seed, tries,
searchRows, forward, chosen?}. `path` is a float32 matrix, row-major, NaN = missing; `levels` holds 0 for a number and the
number of words for a column of codes. `train` and `test` are row numbers, `target` is that of the training rows: a class
from 0 on, or an amount. `forward`: the training rows are in order of time and the newest fifth of them judges a setting;
else three random folds, stratified, do. `chosen`: settings found before; nothing is searched.

A random search of `tries` settings (drawn from the spaces below, never a default), each judged by its log loss (amounts:
absolute error) at its own number of rounds, on at most `searchRows` rows; the best is then fitted on all rows.
The answer: {p, chosen, searchSeconds, fitSeconds, cpuSeconds, peakMb}; p is rows x classes without the first class, or of an amount
rows x (p50, p10, p90).
"""
import json
import resource
import sys
import time

import numpy as np

ROUNDS = 600
PATIENCE = 40


def draw(rng, space):
    """One setting: a tuple is a log-uniform range, a list a choice."""
    chosen = {}
    for name, values in space.items():
        if isinstance(values, tuple):
            chosen[name] = round(float(np.exp(rng.uniform(np.log(values[0]), np.log(values[1])))), 5)
        else:
            chosen[name] = values[rng.integers(len(values))]
    return chosen


def one_hot(M, levels):
    columns = []
    for j, count in enumerate(levels):
        if count == 0:
            columns.append(M[:, [j]])
        else:
            columns.append((M[:, [j]] == np.arange(count)).astype(np.float32))
    return np.hstack(columns)


class Matrices:
    """The table in the two ways that words are given to trees."""

    def __init__(self, ask):
        self.codes = np.fromfile(ask["path"], dtype=np.float32).reshape(-1, ask["width"])
        self.levels = ask["levels"]
        self.hot = None

    def of(self, words):
        if words == "codes":
            return self.codes, [count > 0 for count in self.levels]
        if self.hot is None:
            self.hot = one_hot(self.codes, self.levels)
        return self.hot, [False] * self.hot.shape[1]


def loss_of(task, y, said):
    if task == "amount":
        return float(np.abs(y - said).mean())
    p = said[np.arange(len(y)), y.astype(int)]
    return float(-np.log(np.clip(p, 1e-15, 1)).mean())


class HistGradientBoosting:
    space = dict(
        words=["codes", "hot"],
        learning_rate=(0.02, 0.2),
        max_leaf_nodes=[3, 4, 6, 8, 12, 16, 31, 63],
        min_samples_leaf=[3, 5, 10, 20, 50, 100],
        l2_regularization=(0.01, 30),
        max_bins=[32, 64, 255],
    )

    def __init__(self, task, classes, seed):
        self.task, self.seed = task, seed

    def made(self, chosen, categorical, stop, quantile=0.5):
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        settings = {name: value for name, value in chosen.items() if name not in ("words", "rounds")}
        if any(categorical):
            settings["max_bins"] = 255
        common = dict(categorical_features=categorical, random_state=self.seed, tol=0, **stop, **settings)
        if self.task != "amount":
            return HistGradientBoostingClassifier(**common)
        if quantile == 0.5:
            return HistGradientBoostingRegressor(loss="absolute_error", **common)
        return HistGradientBoostingRegressor(loss="quantile", quantile=quantile, **common)

    def say(self, model, X):
        return model.predict(X) if self.task == "amount" else model.predict_proba(X)

    def judged(self, chosen, X, categorical, y, parts):
        """Mean loss of the held rows and the rounds for all rows; when to stop is seen on a tenth of the rows to fit."""
        stop = dict(max_iter=ROUNDS, early_stopping=True, validation_fraction=0.1, n_iter_no_change=PATIENCE)
        losses, rounds = [], []
        for fit, held in parts:
            model = self.made(chosen, categorical, stop).fit(X[fit], y[fit])
            losses.append(loss_of(self.task, y[held], self.say(model, X[held])))
            rounds.append(max(1, int(np.argmax(model.validation_score_))))
        return float(np.mean(losses)), int(round(np.mean(rounds)))

    def final(self, chosen, X, categorical, y, T):
        stop = dict(max_iter=chosen["rounds"], early_stopping=False)
        first = self.say(self.made(chosen, categorical, stop).fit(X, y), T)
        if self.task != "amount":
            return first
        ends = [self.made(chosen, categorical, stop, q).fit(X, y).predict(T) for q in (0.1, 0.9)]
        return np.column_stack([first, *ends])


class XGBoost:
    space = dict(
        words=["codes", "hot"],
        eta=(0.02, 0.2),
        max_depth=[1, 2, 3, 4, 5, 6, 8],
        min_child_weight=(0.5, 30),
        subsample=[0.5, 0.7, 0.85, 1.0],
        colsample_bytree=[0.3, 0.5, 0.7, 1.0],
        reg_lambda=(0.1, 30),
        gamma=[0, 0, 0.3, 1],
    )

    def __init__(self, task, classes, seed):
        import xgboost

        self.xgb, self.classes, self.seed = xgboost, classes, seed
        if task == "amount":
            raise ValueError("xgboost 1.7 has no quantile loss: ask histGradientBoosting for amounts")

    def params(self, chosen, y):
        many = self.classes > 2
        return dict(
            objective="multi:softprob" if many else "binary:logistic",
            eval_metric="mlogloss" if many else "logloss",
            **(dict(num_class=self.classes) if many else dict(base_score=float((y.sum() + 0.5) / (len(y) + 1)))),
            nthread=1,
            verbosity=0,
            seed=self.seed,
            tree_method="hist",
            **{name: value for name, value in chosen.items() if name not in ("words", "rounds")},
        )

    def matrix(self, X, categorical, y=None):
        types = ["c" if c else "q" for c in categorical]
        return self.xgb.DMatrix(X, label=y, feature_types=types, enable_categorical=True, nthread=1)

    def judged(self, chosen, X, categorical, y, parts):
        """Least mean loss of the held rows along the rounds, and the round of it."""
        paths = []
        for fit, held in parts:
            log = {}
            self.xgb.train(
                self.params(chosen, y[fit]),
                self.matrix(X[fit], categorical, y[fit]),
                ROUNDS,
                evals=[(self.matrix(X[held], categorical, y[held]), "held")],
                evals_result=log,
                early_stopping_rounds=PATIENCE,
                verbose_eval=False,
            )
            paths.append(next(iter(log["held"].values())))
        shortest = min(len(path) for path in paths)
        mean = np.mean([path[:shortest] for path in paths], axis=0)
        return float(mean.min()), int(mean.argmin()) + 1

    def final(self, chosen, X, categorical, y, T):
        model = self.xgb.train(self.params(chosen, y), self.matrix(X, categorical, y), chosen["rounds"])
        p = model.predict(self.matrix(T, categorical))
        return p if p.ndim == 2 else np.column_stack([1 - p, p])


def parts_of(task, y, rows, forward, rng):
    """Positions to fit a setting on and to judge it by."""
    if forward:
        kept = np.linspace(0, len(y) - 1, min(rows, len(y))).astype(int)
        cut = int(len(kept) * 0.8)
        return [(kept[:cut], kept[cut:])]
    order = rng.permutation(len(y))[: min(rows, len(y))]
    if task != "amount":
        order = order[np.argsort(y[order], kind="stable")]
    fold = np.arange(len(order)) % 3
    return [(order[fold != k], order[fold == k]) for k in range(3)]


def searched(learner, matrices, y, index, parts, tries, rng):
    best = None
    for _ in range(tries):
        chosen = draw(rng, learner.space)
        X, categorical = matrices.of(chosen["words"])
        loss, rounds = learner.judged(chosen, X[index], categorical, y, parts)
        if best is None or loss < best[0]:
            best = (loss, {**chosen, "rounds": rounds})
    return best[1]


def main(question, answer):
    with open(question) as file:
        ask = json.load(file)
    task = ask["task"]
    y = np.array(ask["target"], dtype=float)
    classes = 0 if task == "amount" else int(y.max()) + 1
    learner = {"histGradientBoosting": HistGradientBoosting, "xgboost": XGBoost}[ask["method"]](
        task, classes, ask["seed"]
    )
    matrices = Matrices(ask)
    index = np.array(ask["train"])
    rng = np.random.default_rng(ask["seed"])
    started = time.time()
    chosen = ask.get("chosen")
    if chosen is None:
        parts = parts_of(task, y, ask["searchRows"], ask["forward"], rng)
        chosen = searched(learner, matrices, y, index, parts, ask["tries"], rng)
    searching = time.time() - started
    X, categorical = matrices.of(chosen["words"])
    said = learner.final(chosen, X[index], categorical, y, X[np.array(ask["test"])])
    said = said if task == "amount" else said[:, 1:]
    result = dict(
        p=[round(float(v), 8) for v in np.asarray(said).reshape(-1)],
        chosen=chosen,
        searchSeconds=round(searching, 2),
        fitSeconds=round(time.time() - started - searching, 2),
        cpuSeconds=round(time.process_time(), 2),
        peakMb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )
    with open(answer, "w") as file:
        json.dump(result, file)


if sys.argv[1:] == ["--version"]:
    import sklearn
    import xgboost

    print(f"scikit-learn {sklearn.__version__}, XGBoost {xgboost.__version__}")
else:
    main(sys.argv[1], sys.argv[2])
