/**
 * The API's description against the API: a validator, an example for every operation, examples that fit their schemas, and recorded answers
 * that still have the shape of real ones. With GATEHOUSE_RECORD_EXAMPLES=1 (scripts/api-examples.mjs) the answers are recorded anew.
 */
import { writeFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES_FILE, type Example, examples } from '../src/admin-api/openapi/examples.ts';
import { shapeOf } from '../src/admin-api/openapi/shapes.ts';
import { type Any, createRecorder } from './support/api-examples/record.ts';
import { playScenario } from './support/api-examples/scenario.ts';
import { startHub, type TestHub } from './support/app.ts';

const HOW = 'add a call of it to server/test/support/api-examples/scenario.ts and run "node scripts/api-examples.mjs"';
const recording = process.env.GATEHOUSE_RECORD_EXAMPLES === '1';

let hub: TestHub;
let document: Any;
let recorded: Record<string, Example>;
let missing: string[];

const operations = () =>
  Object.entries<Any>(document.paths).flatMap(([path, item]) =>
    Object.entries<Any>(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

beforeAll(async () => {
  hub = await startHub();
  document = await (await fetch(`${hub.url}/api/v1/openapi.json`)).json();
  const recorder = createRecorder(hub, operations());
  await playScenario(recorder);
  recorded = recorder.recorded;
  missing = recorder.missing();
  if (recording) {
    const sorted = Object.fromEntries(Object.entries(recorded).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(EXAMPLES_FILE, `${JSON.stringify(sorted, null, 1)}\n`);
  }
}, 240_000);
afterAll(() => hub?.close());

describe('the description of the API', () => {
  it('is valid by a validator of OpenAPI', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it(`has an example of every operation; else ${HOW}`, () => {
    expect(missing).toEqual([]);
    const without = operations().filter(({ method, path, operation }) => {
      const answers = Object.entries<Any>(operation.responses).filter(([status]) => /^2\d\d$/.test(status));
      const silent = recorded[`${method} ${path}`]?.response === undefined;
      return !answers.every(
        ([, { content = {} }]) => silent || Object.values<Any>(content).some(({ example }) => example !== undefined),
      );
    });
    expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('says of every operation what it does, in a group that is described', () => {
    const groups = new Map(document.tags.map(({ name, description }: Any) => [name, description]));
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
      expect(
        operation.tags.map((tag: string) => groups.get(tag)),
        `${method} ${path}`,
      ).toEqual([expect.stringMatching(/\w/)]);
    }
  });

  it('holds examples that fit their own schemas, requests too', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, useDefaults: true });
    for (const [name, schema] of Object.entries<object>(document.components.schemas))
      ajv.addSchema({ ...schema, $id: name });
    for (const { path, method, operation } of operations()) {
      const contents = [operation.requestBody, ...Object.values<Any>(operation.responses)].map((part) =>
        part?.$ref === undefined
          ? [part?.content, '']
          : [
              part.$ref
                .split('/')
                .slice(1)
                .reduce((at: Any, name: string) => at[name], document).content,
              '',
            ],
      );
      for (const [content] of contents)
        for (const { schema, example } of Object.values<Any>(content ?? {})) {
          if (example === undefined) continue;
          const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"'));
          const fits = ajv.compile(local);
          expect(fits(example) ? [] : fits.errors, `${method} ${path}`).toEqual([]);
        }
    }
  }, 120_000);

  it('shows answers as they are today; else run "node scripts/api-examples.mjs"', () => {
    const known = examples();
    const changed = Object.entries(recorded).filter(
      ([place, { status, response }]) =>
        known[place]?.status !== status ||
        JSON.stringify(shapeOf([response])) !== JSON.stringify(shapeOf([known[place]?.response])),
    );
    expect(changed.map(([place]) => place)).toEqual([]);
  });
});
