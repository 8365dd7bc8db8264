// Makes scripts and styles small, and compressed copies of all files.
// Usage: node finish.mjs minify|compress PACKAGES FOLDER NAME STYLE BROWSERS, in the workspace's folder.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const [task, packages, folder, name, style, browsers] = process.argv.slice(2);
const require = createRequire(path.resolve(packages, 'package.json'));

/** Compressed files, and what is compressed already. */
const COMPRESSED = /\.(br|gz|png|woff2)$/;

/** Scripts by terser, with the names of a module's own things made short; styles as one file by Lightning CSS, which cargo-leptos takes, too. */
async function minify() {
  const { minify: terser } = require('terser');
  const { browserslistToTargets, bundle } = require('lightningcss');
  const browserslist = require('browserslist');

  for (const file of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const script = path.join(folder, file);
    const { code } = await terser(readFileSync(script, 'utf8'), { module: true, compress: { passes: 2 }, mangle: true });
    writeFileSync(script, code);
  }

  const targets = browserslistToTargets(browserslist(browsers));
  const sheet = bundle({ filename: style, minify: true, targets });
  for (const warning of sheet.warnings) console.warn(`site: ${style}: ${warning.message}`);
  writeFileSync(path.join(folder, `${name}.css`), sheet.code);
}

/** What the server carries in its compressed forms alone. */
const CODE = /\.(css|js|wasm)$/;

/** A copy for who takes Brotli and one for who takes gzip, each where it is smaller than the file. */
async function compress() {
  const brotli = promisify(brotliCompress);
  const zip = promisify(gzip);
  const files = readdirSync(folder, { recursive: true }).map((file) => path.join(folder, file));
  const copies = files
    .filter((file) => statSync(file).isFile() && !COMPRESSED.test(file))
    .map(async (file) => {
      const bytes = readFileSync(file);
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_QUALITY]: 11 };
      const small = { br: await brotli(bytes, { params }), gz: await zip(bytes, { level: 9 }) };
      for (const [ending, copy] of Object.entries(small)) {
        if (copy.length < bytes.length || CODE.test(file)) writeFileSync(`${file}.${ending}`, copy);
      }
    });
  await Promise.all(copies);
}

await { minify, compress }[task]();
