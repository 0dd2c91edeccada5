# Tables that come with packages of R, as CSV: targets of two values, 180 to 1,500 rows (of larger ones 1,500 drawn, seed 2).
# Rscript packagedTables.R FOLDER: writes NAME.csv for those whose package is installed; the others are named on stdout, a line each.
folder <- commandArgs(trailingOnly = TRUE)[1]
tables <- list(
  pima = list("MASS", "type", function() rbind(MASS::Pima.tr, MASS::Pima.te)),
  birthwt = list("MASS", "low", function() MASS::birthwt[, names(MASS::birthwt) != "bwt"]),
  infert = list("datasets", "case", function() datasets::infert[, c("education", "age", "parity", "induced", "spontaneous", "case")]),
  titanic = list("carData", "survived", function() carData::TitanicSurvival),
  mroz = list("carData", "lfp", function() carData::Mroz),
  ionosphere = list("mlbench", "Class", function() { data("Ionosphere", package = "mlbench", envir = environment()); Ionosphere }),
  sonar = list("mlbench", "Class", function() { data("Sonar", package = "mlbench", envir = environment()); Sonar }),
  attrition = list("modeldata", "Attrition", function() { data("attrition", package = "modeldata", envir = environment()); as.data.frame(attrition) }),
  credit = list("modeldata", "Status", function() { data("credit_data", package = "modeldata", envir = environment()); as.data.frame(credit_data) })
)
for (name in names(tables)) {
  package <- tables[[name]][[1]]
  if (!requireNamespace(package, quietly = TRUE)) {
    cat(name, ": the package ", package, " is not installed\n", sep = "")
    next
  }
  table <- tables[[name]][[3]]()
  names(table)[names(table) == tables[[name]][[2]]] <- "target"
  table <- table[!is.na(table$target), ]
  set.seed(2)
  if (nrow(table) > 1500) table <- table[sample(nrow(table), 1500), ]
  write.csv(table, file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "")
}
