// Writes cldr-plurals.txt from npm cldr-core. In an empty directory:
//   npm pack cldr-core@48.2.0 && tar xzf cldr-core-48.2.0.tgz
//   node …/testdata/plurals.mjs package > …/testdata/cldr-plurals.txt
import { readFileSync } from "node:fs";

const dir = process.argv[2];
const { version } = JSON.parse(readFileSync(`${dir}/package.json`));
const { supplemental } = JSON.parse(readFileSync(`${dir}/supplemental/plurals.json`));
const all = supplemental["plurals-type-cardinal"];
const languages = "am ar en es fa fr ha he it om pl ps pt ro ru so sw ti tr uk ur".split(" ");

console.log(`# Cardinal plural samples of Unicode CLDR ${supplemental.version._cldrVersion} (npm cldr-core ${version}, supplemental/plurals.json).
# Copyright © 1991-2026 Unicode, Inc. SPDX-License-Identifier: Unicode-3.0; the notice is in LICENSE.unicode.
# Written by plurals.mjs. Samples in compact notation (1c6) are left out.
# language | form | whole numbers | decimals`);
for (const lang of languages) {
  // CLDR gives no rules of its own to a language that is absent: a fault here.
  if (!all[lang]) throw new Error(`no rules for ${lang}`);
  for (const [key, rule] of Object.entries(all[lang])) {
    const samples = (mark) =>
      (rule.match(new RegExp(`@${mark}([^@]*)`))?.[1] ?? "")
        .split(",").map((s) => s.trim()).filter((s) => s && s !== "…" && !/[ce]/.test(s)).join(" ");
    console.log([lang, key.replace("pluralRule-count-", ""), samples("integer"), samples("decimal")].join(" | "));
  }
}
