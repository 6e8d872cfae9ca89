// Package cardfile reads scoring cards as committees write them: as YAML or JSON,
// and as decision tables from CSV and XLSX. What is wrong is said with its line.
//
//	id: illustrative
//	version: "1"
//	criteria:
//	  - id: older_member
//	    points: 3
//	    if: {members: {any: {age: ">= 60"}}}
//	    because: {en: Somebody is 60 or older, uk: Є людина від 60 років}
//	  - id: small_child
//	    points: 2
//	    per: {members: {count: {age: "<= 5"}}}
//	    most: 6
//	bands:
//	  - {id: low, at_least: 0}
//	  - {id: high, at_least: 4}
//
// A card that is loaded is the same as one that is written in Go: it has the same
// hash, [Encode] writes the one as the other, and [WriteHTML] prints its page. Fields
// are named as in the JSON of [scoring.CardSpec]; JSON itself is read too.
//
// # Conditions
//
// A mapping holds if all of its entries hold:
//
//	displaced: yes                 alone: no
//	size: ">= 6"                   size: 4                (also > <= < == !=)
//	housing: rent                  housing: [rent, camp]  (one of)
//	walking: {at_least: a_lot}     walking: {at_most: some}
//	needs: {has: food}             alone: {state: refused}
//	members: {any: {…}}            members: {every: {…}}
//	all: [{…}, {…}]                any: [{…}, {…}]        not: {…}
//	compare: [{over: [income, size]}, "<", $income_line]    foreign: [xpath, "…"]
//
// # Numbers
//
// A word is the answer to a question, $word a parameter of the card:
//
//	income      4.5      $income_line      {chosen: needs}
//	{members: size}                {members: {count: {age: "<= 5"}}}
//	{members: {sum: income}}       (also smallest and largest)
//	{plus: [a, b]}   {minus: [a, b]}   {times: [a, b]}   {over: [a, b]}
//	{smallest: [a, b]}             {largest: [a, b]}
//
// A mapping with op is a condition or number as JSON writes it. What a criterion
// is worth while it is not known is missing: refuse (zero, worst, best, bounds), or
// {do: default, points: 1, because: {…}}.
//
// # Errors
//
// Load, Decode, [LoadCSV] and [LoadXLSX] give [Mistakes], each with its line:
// everything that is wrong with the file, or else with the card.
//
// # Design
//
// Aliases and merge keys of YAML are refused: a card is read by people. Refused
// too: expressions as text ("age >= 60 and alone"), whose errors and precedence a
// committee would have to learn.
package cardfile
