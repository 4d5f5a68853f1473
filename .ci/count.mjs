// node .ci/count.mjs <report> <exit code of the run>
// Reads Vitest's JSON report, names what failed or was skipped, and prints `N passed, N failed` as the last line.
// A skipped test counts as failed here: it means that this machine lacks something .ci/run should have installed.
// Exits with 1 unless at least one test ran and every one passed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';

const [reportPath, exitCode] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportPath, 'utf8'));

const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ status: test.status, name: `${relative('.', file.name)}: ${test.fullName}` })),
);
// A file that cannot be loaded has no tests in the report, only a message.
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);

const passed = tests.filter((test) => test.status === 'passed').length;
const problems = [
  ...tests
    .filter((test) => test.status !== 'passed')
    .map((test) => `${test.status === 'failed' ? 'failed' : 'skipped'}: ${test.name}`),
  ...brokenFiles.map((file) => `failed: ${relative('.', file.name)}: ${file.message}`),
];
if (exitCode !== '0' && problems.length === 0) problems.push('failed: an error outside every test, see above');

for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${passed} passed, ${problems.length} failed\n`);
process.exitCode = passed > 0 && problems.length === 0 ? 0 : 1;
