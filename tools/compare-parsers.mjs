// SPDX-License-Identifier: GPL-3.0-or-later
// Called by tools/compare-parsers: CELADON DATA WORK, where WORK holds node_modules. Every file is read by
// `celadon preview` and by a parser that shares no code with it; every number is compared. Files that
// `celadon convert` writes are read by that parser and compared with the numbers that were to be written.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const [celadon, data, work] = process.argv.slice(2);
const require = createRequire(join(work, 'package.json'));
const jcamp = require('jcampconverter');
const spc = require('spc-parser');
const wdf = require('wdf-parser');

function preview(path, spectrum) {
  const words = ['preview', '--json', '--rows', '2000000000', '--spectrum', String(spectrum), path];
  return JSON.parse(execFileSync(celadon, words, { maxBuffer: 1 << 30 }));
}

// ---- the other parsers: a list of {x, y} a file ----

function readJcamp(path) {
  // That parser turns Hz into ppm when the file names the observe frequency; we show what stands there.
  // It also wants its labels at the start of a line.
  const text = readFileSync(path, 'latin1').replace(/^[ \t]+##/gm, '##')
    .replace(/^##(\.OBSERVE FREQUENCY|\$BF1|\$SFO1)=.*$/gm, '');
  const result = jcamp.convert(text, { noContour: true });
  return result.flatten.flatMap((entry) => entry.spectra.map((s) => ({ x: s.data.x, y: s.data.y })));
}

function readSpc(path) {
  return spc.parse(readFileSync(path)).spectra.map(({ variables }) => ({ x: variables.x.data, y: variables.y.data }));
}

function readWdf(path) {
  const { blocks } = wdf.parse(readFileSync(path));
  const find = (id) => blocks.find((b) => b.blockType === `WDF_BLOCKID_${id}`);
  return find('DATA').spectra.map((y) => ({ x: Array.from(find('XLIST').xList.values), y: Array.from(y) }));
}

const parsers = { '.dx': readJcamp, '.jdx': readJcamp, '.spc': readSpc, '.wdf': readWdf };
const parserOf = (path) => parsers[path.toLowerCase().match(/\.[a-z]+$/)?.[0]];

// ---- comparing ----

function rising({ x, y }) {
  const rows = Array.from(x, (v, i) => [v, y[i]]);
  return rows.length > 1 && rows[1][0] < rows[0][0] ? rows.reverse() : rows;
}

// [largest deviation of x, of y], both relative to the largest absolute value.
function deviation(ours, theirs) {
  if (ours.length !== theirs.length) return `${ours.length} points here, ${theirs.length} there`;
  return [0, 1].map((column) => {
    let largest = 0, apart = 0;
    for (let i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(ours[i][column]));
      apart = Math.max(apart, Math.abs(ours[i][column] - theirs[i][column]));
    }
    return largest > 0 ? apart / largest : apart;
  });
}

const figure = (value) => (value === 0 ? '0' : value.toExponential(1));
let different = 0;

function row(name, points, result, limit) {
  const text = typeof result === 'string' ? [result, ''] : result.map(figure);
  const bad = typeof result === 'string' || Math.max(...result) > limit || Number.isNaN(result[0] + result[1]);
  different += bad;
  console.log(`| ${name} | ${points} | ${text.join(' | ')} |${bad ? ' **different** |' : ' |'}`);
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name)).sort();
}

const SAME = 2e-7; // the last digit of a 32-bit number
const samples = walk(join(data, 'formats'));

console.log('| file | points | largest deviation of x | of y | |\n|---|---|---|---|---|');
for (const path of samples.filter(parserOf)) {
  const name = path.slice(join(data, 'formats').length + 1);
  let theirs;
  try {
    theirs = parserOf(path)(path);
  } catch (error) {
    row(name, '', `the other parser fails: ${error.message}`, SAME);
    continue;
  }
  theirs.forEach((spectrum, i) => {
    const ours = preview(path, i + 1);
    const label = theirs.length > 1 ? `${name} [${i + 1}]` : name;
    row(label, ours.points, deviation(ours.rows, rising(spectrum)), SAME);
  });
}

console.log('\n| written from | as | points | largest deviation of x | of y | |\n|---|---|---|---|---|---|');
const folder = mkdtempSync(join(tmpdir(), 'celadon-parsers-'));
try {
  const sources = [...samples.filter((p) => !/LICENSE|\.DX$/.test(p)),
    ...walk(join(data, 'rruff', 'original_txt')).slice(0, 10),
    ...walk(join(data, 'wasatch_enlighten_785')).filter((p) => p.endsWith('.csv')).slice(0, 5)];
  for (const source of sources) {
    for (const ending of ['.jdx', '.spc']) {
      const out = join(folder, `written${ending}`);
      rmSync(out, { force: true });
      let result, points = '';
      try {
        const before = preview(source, 1);
        points = before.points;
        execFileSync(celadon, ['convert', '--lossy', source, out], { stdio: ['ignore', 'ignore', 'pipe'] });
        result = deviation(before.rows, rising(parserOf(out)(out)[0]));
      } catch (error) {
        result = (error.stderr?.toString() || error.message).trim().split('\n')[0];
      }
      row(`${basename(source)} | ${ending}`, points, result, SAME);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.error(`${different} differences`);
process.exitCode = different > 0 ? 1 : 0;
