import {
  authorizeErrors,
  defaultMode,
  RESPONSE_MODES,
  type ResponseMode,
  responseTypeOf,
} from '../../protocol/oauth/index.ts';
import type { Check } from './check.ts';

const modeOf = (name: string | undefined): ResponseMode | null => RESPONSE_MODES.find((mode) => mode === name) ?? null;

/** The mode first, as errors travel by it too: the one that was asked for, while the type is not known to forbid it. */
export const readResponseMode: Check = (reading, { parameters }) => {
  const type = responseTypeOf(parameters.get('response_type'));
  const name = parameters.get('response_mode');
  const asked = modeOf(name);
  const fallback = type === null ? 'query' : defaultMode(type);
  if (name !== undefined && asked === null) {
    reading.responseMode = fallback;
    return authorizeErrors.responseModeUnsupported(RESPONSE_MODES);
  }
  const leaksTokens = asked === 'query' && type !== null && type !== 'code';
  reading.responseMode = leaksTokens || asked === null ? fallback : asked;
  return leaksTokens ? authorizeErrors.responseModeQuery() : null;
};

/** A type of ours, every part of which the application may use. */
export const readResponseType: Check = (reading, { parameters, client }) => {
  const type = responseTypeOf(parameters.get('response_type'));
  if (type === null || !type.split(' ').every((part) => client.responseTypes.includes(part))) {
    return authorizeErrors.responseTypeUnsupported(client.responseTypes);
  }
  reading.responseType = type;
  return null;
};
