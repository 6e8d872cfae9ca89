# Makes r_expected.csv from stats_input.csv: Rscript oracle.R (in this folder).
# Needs R 4 with the packages stats and survey.
suppressPackageStartupMessages(library(survey))
d <- read.csv("stats_input.csv")
d$cluster <- paste0(d$group, d$id %% 7)
k <- sum(d$poor)
d$sel <- as.numeric(d$score_a >= sort(d$score_a, decreasing = TRUE)[k])
d$missed <- 1 - d$sel
d$rich <- 1 - d$poor

out <- list()
put <- function(name, value) out[[name]] <<- value

# Weighted area under the ROC curve, over all pairs.
p <- d[d$poor == 1, ]; o <- d[d$poor == 0, ]
w <- outer(p$weight, o$weight)
put("auc weighted", sum(w * ((outer(p$score_a, o$score_a, ">") + 0) + (outer(p$score_a, o$score_a, "==") + 0) / 2)) / sum(w))

# Kappa of two scores in four bands, by the definition.
cut4 <- function(x) findInterval(x, c(70, 80, 90))
a <- cut4(d$score_a); b <- cut4(d$score_b)
kappa <- function(a, b, w, d) {
  n <- matrix(0, 4, 4); for (i in seq_along(a)) n[a[i] + 1, b[i] + 1] <- n[a[i] + 1, b[i] + 1] + w[i]
  e <- outer(rowSums(n), colSums(n)) / sum(n)
  dist <- outer(0:3, 0:3, function(x, y) d(abs(x - y)))
  1 - sum(dist * n) / sum(dist * e)
}
one <- rep(1, nrow(d))
put("kappa nominal", kappa(a, b, one, function(x) (x > 0) + 0))
put("kappa linear", kappa(a, b, one, function(x) x))
put("kappa squared", kappa(a, b, one, function(x) x^2))
put("kappa squared weighted", kappa(a, b, d$weight, function(x) x^2))

for (q in c(0, 0.1, 0.25, 0.4, 0.777, 1)) {
  put(paste("quantile", q), quantile(d$welfare, q, type = 7, names = FALSE))
}
put("kish", nrow(d) * sum(d$weight^2) / sum(d$weight)^2)

# Intra-cluster correlation from the table of variances.
t <- summary(aov(welfare ~ factor(cluster), d))[[1]]
m <- table(d$cluster); n0 <- (sum(m) - sum(m^2) / sum(m)) / (length(m) - 1)
put("icc", (t[1, 3] - t[2, 3]) / (t[1, 3] + (n0 - 1) * t[2, 3]))

# Means and errors of a stratified cluster sample.
s <- svydesign(ids = ~cluster, strata = ~group, weights = ~weight, data = d)
estimate <- function(name, f, design) {
  r <- svymean(f, design, deff = "replace")
  put(paste(name, "value"), coef(r)); put(paste(name, "se"), SE(r)[1]); put(paste(name, "deff"), deff(r))
}
estimate("welfare", ~welfare, s)
estimate("exclusion", ~missed, subset(s, poor == 1))
estimate("inclusion", ~rich, subset(s, sel == 1))
put("freedom", degf(s))
s1 <- svydesign(ids = ~1, weights = ~weight, data = d)
estimate("welfare, households", ~welfare, s1)

# Scores just within a cut-off against those just outside, as a fair coin.
heap <- function(cut, wide) binom.test(sum(d$score_a >= cut & d$score_a < cut + wide), sum(d$score_a >= cut - wide & d$score_a < cut + wide), 0.5)$p.value
put("heaping 82 5", heap(82, 5)); put("heaping 90 3", heap(90, 3)); put("heaping 70 10", heap(70, 10))
put("heaping 650 of 1000", binom.test(650, 1000, 0.5)$p.value)

write.csv(data.frame(statistic = names(out), value = sprintf("%.15g", unlist(out))), "r_expected.csv", row.names = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
