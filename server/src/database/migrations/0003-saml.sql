-- SAML: the certificates of providers, and the hub's own keys towards each of them.

-- x5c: the certificate as it was sent, echoed byte for byte; certificate: its DER. warned_days: the last step of the expiry warning.
create table idp_trust_keys (
  org_id text collate "C" not null,
  kid text collate "C" not null,
  x5c text not null,
  certificate bytea not null,
  thumbprint text collate "C" not null,
  not_before timestamptz(3) not null,
  not_after timestamptz(3) not null,
  warned_days int,
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  primary key (org_id, kid)
);
create unique index idp_trust_keys_thumbprint on idp_trust_keys (org_id, thumbprint);

-- Each signs requests and decrypts assertions; several of them while a rollover lasts. last_used: when a response was last decrypted with it.
create table idp_signing_keys (
  org_id text collate "C" not null,
  idp_id text collate "C" not null,
  kid text collate "C" not null,
  certificate bytea not null,
  private_sealed text not null,
  expires_at timestamptz(3) not null,
  last_used timestamptz(3),
  created timestamptz(3) not null,
  last_updated timestamptz(3) not null,
  primary key (org_id, idp_id, kid)
);
