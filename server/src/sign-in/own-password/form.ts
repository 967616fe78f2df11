/** What a form with a new password says, and what is wrong with it (rulings 30: twelve characters in our own forms). */
import type { FastifyRequest } from 'fastify';
import { formOf } from '../../http/index.ts';
import type { PasswordFault } from '../page/index.ts';

const SHORTEST = 12;
const LONGEST = 128;
const MAX_BYTES = 1_024;

export function newPasswordIn(request: FastifyRequest): { password: string; fault: PasswordFault | null } {
  const form = formOf(request);
  const password = (form.get('password') ?? '').slice(0, MAX_BYTES + 1);
  return { password, fault: faultOf(password, form.get('repeat') ?? '') };
}

function faultOf(password: string, repeated: string): PasswordFault | null {
  const { length } = [...password];
  if (length < SHORTEST || password.includes('\u0000')) return 'short';
  if (length > LONGEST || Buffer.byteLength(password) > MAX_BYTES) return 'long';
  return password === repeated ? null : 'different';
}
