# Reference numbers of the special functions, by mpmath with 40 digits: python3 special.py writes special.json.
import json
import mpmath as mp

mp.mp.dps = 40
f = float
positive = [1e-6, 0.01, 0.2426, 0.5, 1, 1.5, 2, 3.7, 7.99, 8, 12.25, 100.5, 12345.6]
quads = [(0.2426, 2.4258, 2.2187, 0.1), (2.2426, 4.4258, 4.2187, 0.47405), (0.5, 0.7, 3, 0.95), (12.3, 14.4, 15.2, 0.6),
         (40.2, 42.4, 42.2, 0.9), (200.2, 202.4, 202.2, 0.9), (25.1, 5.4, 5.2, 0.8), (1, 1, 2, 0.999), (3, 1, 4, 0.7), (2.3, 1.1, 0.9, 0.99)]
betas = [(0.1, 0.5, 0.5), (0.9, 6.25, 3.74), (0.3, 62.5, 9.99), (0.95, 625, 16.2), (0.5, 3, 3), (1e-6, 0.2, 4), (0.999, 2, 0.1), (0.7, 1000, 430)]
json.dump({
    "logGamma": [[x, f(mp.loggamma(x))] for x in positive],
    "digamma": [[x, f(mp.digamma(x))] for x in positive],
    "logHyp2f1": [[*q, f(mp.log(mp.hyp2f1(*q)))] for q in quads],
    "incompleteBeta": [[x, a, b, f(mp.betainc(a, b, 0, x, regularized=True))] for x, a, b in betas],
}, open("special.json", "w"), indent=1)
