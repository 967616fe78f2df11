import type { ClientRequest, IdmeOptions } from './idme/index.ts';
import type { SampleOptions } from './sample/index.ts';

/** Thrown with one sentence that names the variable, its value and the remedy. */
export class InvalidConfiguration extends Error {}

export interface Configuration {
  idme: IdmeOptions;
  /** null when no hub is named. */
  sample: SampleOptions | null;
}

/** Reads IDME_PORT, IDME_URL, IDME_CLIENTS, SAMPLE_PORT, SAMPLE_URL, SAMPLE_ISSUER, SAMPLE_CLIENT_ID and SAMPLE_CLIENT_SECRET. */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  return { idme: idmeIn(env), sample: sampleIn(env) };
}

function idmeIn(env: NodeJS.ProcessEnv): IdmeOptions {
  const url = urlIn(env, 'IDME_URL');
  return { port: portIn(env, 'IDME_PORT', 3030), clients: clientsIn(env), ...(url !== undefined && { url }) };
}

function sampleIn(env: NodeJS.ProcessEnv): SampleOptions | null {
  const issuer = urlIn(env, 'SAMPLE_ISSUER');
  if (issuer === undefined) return null;
  const url = urlIn(env, 'SAMPLE_URL');
  return {
    port: portIn(env, 'SAMPLE_PORT', 3010),
    ...(url !== undefined && { url }),
    issuer,
    clientId: neededIn(env, 'SAMPLE_CLIENT_ID'),
    clientSecret: neededIn(env, 'SAMPLE_CLIENT_SECRET'),
  };
}

function portIn(env: NodeJS.ProcessEnv, name: string, preset: number): number {
  const value = env[name];
  if (!value) return preset;
  if (!/^\d+$/.test(value) || Number(value) > 65_535) {
    throw new InvalidConfiguration(`${name} is ${value}: give a port from 0 to 65535.`);
  }
  return Number(value);
}

function urlIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw new InvalidConfiguration(`${name} is ${value}: give an http or https address.`);
  }
  return value;
}

function neededIn(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new InvalidConfiguration(`${name} is unset: give it together with SAMPLE_ISSUER.`);
  return value;
}

function clientsIn(env: NodeJS.ProcessEnv): ClientRequest[] {
  try {
    const clients: unknown = JSON.parse(env.IDME_CLIENTS || '[]');
    if (Array.isArray(clients)) return clients as ClientRequest[];
  } catch {
    // Falls through: the sentence below must not repeat the value, which holds secrets.
  }
  throw new InvalidConfiguration(
    'IDME_CLIENTS is not a JSON array: give [{"client_id", "client_secret", "redirect_uris", "policies"}].',
  );
}
