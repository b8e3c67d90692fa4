import { afterEach, expect, it } from 'vitest';
import { Child } from '../src/child.mjs';

let child: Child | undefined;
afterEach(() => child?.close());

function running(body: string) {
  const script = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, ...request } = JSON.parse(line);
    const answer = (more) => console.log(JSON.stringify({ id, ...more }));
    ${body}
  });`;
  child = new Child('the child', process.execPath, ['-e', script]);
  return child;
}

it('answers requests, whatever else is printed', async () => {
  const echo = running("console.log('Hello!'); answer({ twice: 2 * request.n });");
  await expect(Promise.all([echo.request({ n: 1 }), echo.request({ n: 4 })])).resolves.toMatchObject([
    { twice: 2 },
    { twice: 8 },
  ]);
});

it('tells errors from cases that are not supported', async () => {
  const failing = running("answer({ error: 'no such luck', unsupported: request.unsupported });");
  await expect(failing.request({})).rejects.toMatchObject({ code: 'failed', message: 'the child: no such luck' });
  await expect(failing.request({ unsupported: true })).rejects.toMatchObject({ code: 'unsupported' });
  expect(failing.alive).toBe(true);
});

it('reports a crash with the last words, to this request and to later ones', async () => {
  const crashing = running("console.error('out of luck'); process.exit(3);");
  const crash = { code: 'crashed', message: 'the child ended by exit code 3: …out of luck' };
  await expect(crashing.request({})).rejects.toMatchObject(crash);
  await expect(crashing.request({})).rejects.toMatchObject(crash);
  expect(crashing.alive).toBe(false);
});

it('ends a child that does not answer', async () => {
  const hanging = running('for (;;);');
  await expect(hanging.request({}, { timeoutMs: 300 })).rejects.toMatchObject({
    code: 'timeout',
    message: 'the child did not answer within 0.3 s',
  });
  expect(hanging.alive).toBe(false);
});

it('reports a program that is not there', async () => {
  child = new Child('the child', '/nowhere/at/all');
  await expect(child.request({})).rejects.toMatchObject({
    code: 'crashed',
    message: expect.stringContaining('ENOENT'),
  });
});
