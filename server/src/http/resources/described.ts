/** Who may call a management route and what the API's description says of it, in one expression. */
import { administrator } from '../guards.ts';

export type Described = ReturnType<typeof describedUnder>;

/** Options of the routes for administrators below one heading (a tag) of the description: a summary, and schemas of what comes and goes. */
export const describedUnder =
  (tag: string) =>
  (summary: string, parts: { body?: object; params?: object; querystring?: object; response?: object } = {}) => ({
    onRequest: administrator,
    schema: { tags: [tag], summary, ...parts },
  });
