// Package report writes one page about how a card targets, for the committee that
// decides on it:
//
//	err := report.Report{
//		Title: "Winter grants, round 2", Card: card.Name(), Hash: card.HashString(),
//		Sample: sample, Cut: targeting.TopShare(0.25),
//	}.Write(file)
//
// # The page
//
// It is one HTML file of English, without scripts and without anything from
// elsewhere, so that it can be mailed, kept and printed. Each plot has labelled
// axes, a description for readers who do not see it, and its figures in a table
// beside it; colours are those of Okabe and Ito, which colour-blind people tell
// apart, and no meaning hangs on colour alone.
//
// What there is in the Report decides what is on the page: scores and errors
// always; the benefits by welfare with Sample.Welfare, groups with Sample.Group, a
// selection, cards side by side.
//
// # Small numbers
//
// Cells of fewer than Least households are withheld, and groups as
// [targeting.Sample.Fairness] does. Nor does anything follow by subtraction:
// between any two cut-offs of tables and lines, and any two ends of ranges, there is
// nobody of a kind or Least. Fifths and ranges that are few are told together
// with their neighbours. The cut itself is always shown: do not publish a page of a
// sample that is itself so small. The page holds no row of the sample.
//
// # Errors
//
// Write gives the *targeting.InputError or *targeting.UndefinedError of the
// statistic that could not be computed, or that of the writer. Then nothing was
// written, or part of a page.
//
// # Design
//
// Refused: gonum/plot, whose drawings hold text as outlines of letters or without
// titles, and which brings fonts and raster images along; a plot of a committee
// is two axes and a few lines. Refused: being part of package targeting, whose
// users select and have no use for pages.
package report
