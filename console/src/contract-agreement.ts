/** Shapes that the console writes out itself, held against the server's: where they part, this file no longer compiles. */
import type {
  IdentityProviderWire,
  LogActor,
  MappingChangeBody,
  MappingWire,
} from '../../server/src/admin-api/contract.ts';
import type { IdentityProviderInput, LogParty, ProfileMapping } from './contract.ts';

/** What the server sends can be read as what the console expects. */
type Reads<Server extends Console, Console> = Server;
/** What the console sends is something that the server accepts. */
type Sends<Console extends Server, Server> = Console;

export type Party = Reads<LogActor, LogParty>;
export type Provider = Reads<IdentityProviderWire, IdentityProviderInput>;
export type Mapping = Reads<MappingWire, ProfileMapping>;
export type MappingProperties = Sends<Pick<ProfileMapping, 'properties'>, MappingChangeBody>;
