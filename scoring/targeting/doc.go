// Package targeting says how well a card finds the people it is meant for, and
// who is helped if there is not enough for all.
//
//	s := targeting.Sample{Score: points, Poor: poor, Weight: weights, Group: regions}
//	errs, err := s.Errors(targeting.TopShare(0.25))
//	missed, err := errs.Exclusion() // the share of the poor who get nothing
//
//	rule := targeting.Rule{Budget: 10_000, Lottery: targeting.Lottery{Seed: "4 1 6 6 2"}}
//	chosen, err := rule.Select(list) // chosen.CutOff, chosen.Fates
//
// Sub-package report makes one page of it for a committee.
//
// # A sample
//
// A [Sample] is a survey's table as columns; a [Cut] says who would be selected,
// of those whom the card's own rules do not bar.
// Errors, CGH, AUC, Curve, Incidence, ErrorsByGroup and Fairness are about the
// card as it is; [Bootstrap] and Design about how sure one may be. Ranks of two
// cards are compared by [KendallTauB], [Spearman], [RankShift], [Churn], bands by
// [Kappa], and the items of an index by [CronbachAlpha]. Heaping looks for answers
// that were bent to reach a known cut-off. Point estimates are
// those of R, to 1e-9.
//
// # A selection
//
// A [Rule] answers "10,000 grants: which cut-off, who loses?" the same way for
// whoever asks: ranking, ties, quotas by area, and a [Lottery] that anybody can
// repeat with sha256sum. [Compare] says who loses, a [Simulation] compares
// cards under one budget.
//
// # Errors
//
// An *[InputError] says which column and row is wrong: a NaN, a negative weight.
// An *[UndefinedError] says that a statistic has no value, such as the exclusion
// error where nobody is poor. Nothing is silently zero. No error holds a value of
// a household.
//
// # Design
//
// A bootstrap never copies households. Rows are sorted once by score and once by
// welfare; a drawing is a count for each row, and each statistic one walk over
// the counts. Each drawing has a stream of its own from the seed and its number,
// so any number of workers gives the same intervals.
//
// Households with one score are all selected by a Cut: two that answered alike
// are treated alike. A Rule, which has to stop at a budget, draws lots instead;
// it never passes over a household for a cheaper one, which would make being
// cheap a reason.
//
// Weights are proportions. Where a formula needs a count (Quantile), they are
// brought to a mean of one first.
//
// Refused: BCa intervals, which need a pass for each household; suppressing single
// cells of a table, since the others give them away: a group is shown whole or
// not at all.
package targeting
