# Cox's proportional hazards on folds: a peer of the duration figures.
# Rscript cox.R IN.csv OUT.csv LAST: IN has fold, time, event and numeric columns; OUT gets one line a row, in the same
# order: survival at 1, 2, .. LAST by the model fitted on the other folds (Efron ties, aliased columns left out).
suppressMessages(library(survival))
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1], check.names = FALSE)
times <- seq_len(as.integer(args[3]))
X <- as.matrix(data[, -(1:3)])
colnames(X) <- paste0("x", seq_len(ncol(X)))
out <- matrix(NA_real_, nrow(data), length(times))
for (fold in sort(unique(data$fold))) {
  held <- data$fold == fold
  train <- data.frame(time = data$time, event = data$event, X)[!held, ]
  first <- coxph(Surv(time, event) ~ ., data = train)
  kept <- names(coef(first))[!is.na(coef(first))]
  fit <- coxph(Surv(time, event) ~ ., data = train[, c("time", "event", kept)])
  curves <- survfit(fit, newdata = data.frame(X)[held, kept])
  out[held, ] <- t(summary(curves, times = times, extend = TRUE)$surv)
}
write.table(round(out, 9), args[2], sep = ",", row.names = FALSE, col.names = FALSE)
cat(as.character(packageVersion("survival")))
