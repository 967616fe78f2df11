/**
 * The sample application: a relying party of the hub on openid-client, and a token inspector to point a redirect URI at. It is no template for
 * production: what it remembers of a browser lives in memory.
 */
import formbody from '@fastify/formbody';
import { listen } from '../http/listen.ts';
import { PAGE_HEADERS } from '../pages/page.ts';
import { createBrowsers } from './browsers.ts';
import { inspectorRoutes } from './inspector/routes.ts';
import { failedPage } from './page.ts';
import { createRelyingParty } from './relying-party.ts';
import { sampleRoutes } from './routes.ts';

export interface SampleOptions {
  /** Listening port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Public base URL; `http://localhost:{port}` when absent. Redirect URIs: `${url}/callback` and `${url}/inspector`. */
  url?: string;
  /** The hub's issuer. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface RunningSample {
  url: string;
  close(): Promise<void>;
}

/** Resolves when it answers; the hub may start later. */
export async function startSample({
  port,
  url,
  issuer,
  clientId,
  clientSecret,
}: SampleOptions): Promise<RunningSample> {
  const { app, port: bound, open, close } = await listen(port);
  try {
    const trimmed = (address: string) => address.replace(/\/$/, '');
    const settings = {
      url: trimmed(url ?? `http://localhost:${bound}`),
      issuer: trimmed(issuer),
      clientId,
      clientSecret,
    };
    await app.register(formbody);
    app.get('/healthz', async () => ({ status: 'ok' }));
    app.get('/readyz', async () => ({ status: 'ok' }));
    const browsers = createBrowsers(settings.url.startsWith('https:'));
    sampleRoutes(app, settings, createRelyingParty(settings), browsers);
    inspectorRoutes(app, settings);
    app.setNotFoundHandler(async (_request, reply) => {
      const page = failedPage({ title: 'There is nothing here', code: '404', description: '' });
      return reply.code(404).headers(PAGE_HEADERS).send(page);
    });
    await open();
    return { url: settings.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
