/**
 * The body of a promotion pull request. In the order a reviewer decides: what moves, why it may, what exactly changes, what does
 * not, how to undo it.
 */
export const pullRequestTemplate = `| Application | Version of |{{#if showsTargets}} Target |{{/if}} {{environment}} now | becomes |
| --- | --- |{{#if showsTargets}} --- |{{/if}} --- | --- |
{{#each rows}}
| {{application}} | {{artifact}} |{{#if ../showsTargets}} {{target}} |{{/if}} {{now}} | **{{becomes}}** |
{{/each}}
{{#if rowsLeft}}

…and {{rowsLeft}} more in the files below.
{{/if}}

{{#if toFillIn}}
**To fill in before it can be merged:** these values say {{mark}}. Commit the right ones on this branch, then mark the pull request as ready.

{{#each toFillIn}}
- {{this}}
{{/each}}

{{/if}}
{{#if leftOut}}
**Not moved, since it cannot be done for certain:**

{{#each leftOut}}
- {{this}}
{{/each}}

{{/if}}
{{#if notAlong}}
**Not in this pull request:**

{{#each notAlong}}
- {{this}}
{{/each}}

{{/if}}
{{#if removals}}
**Only in {{environment}}, so the merge removes them:** keep one by naming it under \`except\`.

{{#each removals}}
- {{this}}
{{/each}}

{{/if}}
{{#if drifts}}
**Changed outside promotion since the last one:**

{{#each drifts}}
- {{this}}
{{/each}}

{{/if}}
**Why now:** these very versions were read from Git at the revision each target reports, and {{#if isGroup}}each of these applications is healthy there{{else}}every target of {{from}} is healthy{{/if}}.

| Where | Revision | State | Reported by |
| --- | --- | --- | --- |
{{#each proofs}}
| {{where}} | {{revision}} | {{state}} | {{by}} |
{{/each}}
{{#if proofsLeft}}

…and {{proofsLeft}} more targets, every one of them healthy with these versions.
{{/if}}

<details><summary>Files: {{filesCount}} changed, +{{added}} −{{removed}}</summary>

{{#if files}}
{{#each files}}
{{path}}

{{diff}}

{{/each}}
{{else}}
Too long to show here: see the files of the pull request.

{{/if}}
</details>

{{#if leftAlone}}
<details><summary>Left alone on purpose: {{leftAloneCount}} to {{environment}}</summary>

{{#each leftAlone}}
- {{this}}
{{/each}}

</details>

{{/if}}
**To undo it after the merge:** press *Revert* on this pull request. {{environment}} goes back to {{before}}, and the candidate is not offered again.
**To decline it:** close it. This candidate is not offered again; a newer one is.
`;
