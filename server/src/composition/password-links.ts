/**
 * A link to set a password, wished for on a hosted page: found, made and mailed by a job, so that the page's answer takes the same time
 * whoever asks, and whether or not there is such a person (security.md K8).
 */
import { addJob, type Executor } from '../database/index.ts';
import { isObject } from '../shared/json.ts';
import type { Modules } from './modules.ts';

export const PASSWORD_LINK_TASK = 'password-link';

export interface PasswordLinkWish {
  orgId: string;
  /** What was typed: nobody has looked whether it is anybody's. */
  login: string;
  language: string;
}

export function wishPasswordLink(tx: Executor, { orgId, login, language }: PasswordLinkWish): Promise<void> {
  return addJob(tx, PASSWORD_LINK_TASK, { orgId, login, language });
}

/** The job. */
export async function sendPasswordLink({ orgs, users }: Modules, payload: unknown): Promise<void> {
  if (!isObject(payload)) return;
  const { orgId, login, language } = payload;
  if (typeof orgId !== 'string' || typeof login !== 'string' || typeof language !== 'string') return;
  const { baseUrl } = await orgs.byId(orgId);
  await users.credentials.links.request({ orgId, baseUrl }, login, language);
}
