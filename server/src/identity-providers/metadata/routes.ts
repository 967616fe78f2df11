/** `/api/v1/idps/{id}/metadata.xml` (contract §2.4), the same at an address that providers can fetch, and the reading of theirs (our own). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { administrator, apiErrors } from '../../http/index.ts';
import type { CertificateFacts } from '../../protocol/saml/index.ts';
import type { IdentityProviders } from '../deps.ts';
import { certificatesIn } from './read.ts';

const TAGS = ['Identity provider metadata'];
const ById = Type.Object({ idpId: Type.String() });
const JSON_TYPE = 'application/json; charset=utf-8';
const MAX_PASTED = 512 * 1024;

export function metadataRoutes(providers: Pick<IdentityProviders, 'metadata' | 'readMetadata'>) {
  const documented = (summary: string, rest: object = {}) => ({
    onRequest: administrator,
    bodyLimit: MAX_PASTED,
    schema: { tags: TAGS, summary, ...rest },
  });
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    const { idpId } = request.params as { idpId: string };
    const { id: orgId, baseUrl } = request.org;
    const xml = await providers.metadata({ orgId, baseUrl }, idpId);
    return reply
      .type('application/xml; charset=utf-8')
      .header('content-disposition', `attachment; filename="metadata-${idpId.replace(/\W/g, '')}.xml"`)
      .send(xml);
  };
  return async (server: FastifyInstance) => {
    server.get(
      '/api/v1/idps/:idpId/metadata.xml',
      documented("Reads the hub's metadata towards a SAML provider", { params: ById }),
      send,
    );
    // What it says is public by its nature: addresses and certificates. Providers fetch it without credentials.
    server.get('/saml2/metadata/:idpId', send);
    server.post<{ Body: { xml?: string; url?: string } }>(
      '/api/gatehouse/v1/idps/metadata/read',
      documented("Reads a provider's metadata, pasted or fetched; nothing is stored", {
        body: Type.Object({ xml: Type.Optional(Type.String()), url: Type.Optional(Type.String()) }),
      }),
      async (request, reply) => {
        const read = await providers.readMetadata(request.body);
        if (!read.ok) throw apiErrors.validation('metadata', `metadata: ${read.error}`);
        const { certificates, ...rest } = read.value;
        return reply.type(JSON_TYPE).send({ ...rest, certificates: certificates.map(described) });
      },
    );
    server.post<{ Body: { text: string } }>(
      '/api/gatehouse/v1/idps/certificates/read',
      documented('Reads certificates in any form in which people paste them; nothing is stored', {
        body: Type.Object({ text: Type.String() }),
      }),
      async (request, reply) => {
        const read = certificatesIn(request.body.text);
        if (!read.ok) throw apiErrors.validation('text', `text: ${read.error}`);
        return reply.type(JSON_TYPE).send({ certificates: read.value.map(described) });
      },
    );
  };
}

const described = ({ der, subject, notBefore, notAfter, thumbprint, publicKey, weakness }: CertificateFacts) => ({
  subject,
  notBefore: notBefore.toISOString(),
  notAfter: notAfter.toISOString(),
  thumbprint,
  keyType: publicKey.asymmetricKeyType ?? 'unknown',
  weakness,
  x5c: der.toString('base64'),
});
