# Reference values of models/series from R's forecast package (8.20): Rscript tests/golden/series.R > tests/golden/series.json
suppressMessages(library(forecast)); library(stats)
num <- function(x) paste0('[', paste(sprintf('%.10g', as.numeric(x)), collapse = ', '), ']')
obj <- function(...) { v <- list(...); paste0('{', paste(sprintf('"%s": %s', names(v), unlist(v)), collapse = ', '), '}') }
str <- function(x) sprintf('"%s"', x)
air <- window(AirPassengers, end = c(1958, 12))
gas <- UKgas
shapes <- list(c('ANN', F), c('AAN', F), c('AAN', T), c('ANA', F), c('AAA', F), c('AAA', T), c('MNN', F), c('MAN', F), c('MAN', T),
  c('MNA', F), c('MAA', F), c('MAA', T), c('MNM', F), c('MAM', F), c('MAM', T))
one <- function(y, s) {
  f <- ets(y, model = s[1], damped = as.logical(s[2]))
  p <- f$par; g <- function(n, d) if (n %in% names(p)) p[[n]] else d
  m <- frequency(y); st <- f$initstate; seasonal <- substr(s[1], 3, 3) != 'N'
  k <- length(st)
  # R keeps the season newest first.
  season <- if (seasonal) rev(as.numeric(st[(k - m + 1):k])) else c()
  fc <- forecast(f, h = m + 2, level = 80)
  obj(error = str(substr(s[1], 1, 1)), trend = str(if (substr(s[1], 2, 2) == 'N') 'N' else if (as.logical(s[2])) 'Ad' else 'A'),
    seasonal = str(substr(s[1], 3, 3)), smoothing = num(c(g('alpha', 0), g('beta', 0), g('gamma', 0), g('phi', 1))),
    level = sprintf('%.10g', st[1]), slope = sprintf('%.10g', if (substr(s[1], 2, 2) == 'N') 0 else st[2]), season = num(season),
    deviance = sprintf('%.10g', -2 * f$loglik), aicc = sprintf('%.10g', f$aicc), fitted = num(head(fitted(f), 5)),
    mean = num(fc$mean), width80 = num((fc$upper - fc$mean) / qnorm(.9)))
}
block <- function(y) paste0('[\n  ', paste(sapply(shapes, function(s) one(y, s)), collapse = ',\n  '), ']')
method <- function(f) num(f$mean)
cat('{\n')
cat('"air": ', num(air), ',\n"gas": ', num(gas), ',\n"nile": ', num(Nile), ',\n', sep = '')
cat('"etsAir": ', block(air), ',\n"etsGas": ', block(gas), ',\n', sep = '')
cat('"acfGas": ', num(acf(gas, 8, plot = FALSE)$acf[-1]), ',\n', sep = '')
cat('"decomposeAir": ', num(decompose(air, 'multiplicative')$figure), ',\n', sep = '')
cat('"decomposeGas": ', num(decompose(gas, 'additive')$figure), ',\n', sep = '')
cat('"thetaAir": ', method(thetaf(air, 14)), ',\n"thetaGas": ', method(thetaf(gas, 9)), ',\n"thetaNile": ', method(thetaf(Nile, 5)), ',\n', sep = '')
cat('"ses": ', method(ses(Nile, 2)), ',\n', sep = '')
sse <- function(f) sum(residuals(f, type = 'response')^2)
cat('"squares": ', num(c(sse(holt(Nile)), sse(holt(Nile, damped = TRUE)), sse(hw(gas)), sse(hw(gas, seasonal = 'multiplicative')))), ',\n', sep = '')
sparse <- c(0, 0, 3, 0, 0, 0, 2, 0, 0, 1, 0, 0, 4, 0, 0, 0, 0, 5, 1, 0)
cat('"sparse": ', num(sparse), ',\n"croston": ', method(croston(sparse, 1)), ',\n"snaive": ', method(snaive(gas, 6)), '\n}\n', sep = '')
