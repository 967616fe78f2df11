import { expect, test } from 'vitest';
import { errorOf, fieldErrors, RequestError, sentencesOf } from './errors.ts';

test('the server’s sentence, code, causes and request id are kept', async () => {
  const body = {
    errorCode: 'E0000001',
    errorSummary: 'Api validation failed: name',
    errorCauses: [{ errorSummary: 'name: taken' }],
  };
  const response = Response.json(body, { status: 400, headers: { 'x-okta-request-id': 'req1' } });
  expect(await errorOf(response)).toMatchObject({
    status: 400,
    errorCode: 'E0000001',
    errorSummary: 'Api validation failed: name',
    errorCauses: ['name: taken'],
    requestId: 'req1',
  });
});

test('an answer that is no error of the contract still says something', async () => {
  const error = await errorOf(new Response('<html>', { status: 502 }));
  expect(error.errorCode).toBe('HTTP 502');
  expect(error.errorSummary).not.toBe('');
});

test('causes that name a field stand beside it', () => {
  const error = new RequestError(400, 'E', 's', ['protocol.issuer.url: is required', 'Something else'], null);
  expect(fieldErrors(error)).toEqual({ 'protocol.issuer.url': 'Is required.' });
});

test('what was refused is said in sentences, without the names of fields and without a line that only counts them', () => {
  const error = new RequestError(400, 'E', 'Api validation failed: gateways', ['gateways: they are private'], null);
  expect(sentencesOf(error)).toEqual(['They are private.']);
  expect(sentencesOf(new RequestError(403, 'E', 'You may not do that', [], null))).toEqual(['You may not do that.']);
  expect(sentencesOf(new RequestError(400, 'E', 's', ['user.login is not known'], null))).toEqual([
    'user.login is not known.',
  ]);
});
