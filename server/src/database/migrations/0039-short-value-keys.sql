-- The key of a long value is its digest (profile-schemas/values.ts): an entry of an index has room for about 2,700 bytes, and a value may be longer.
with keys as (
  update import_keys set value_key = 'SHA-256 ' || encode(sha256(convert_to(value_key, 'UTF8')), 'hex') where octet_length(value_key) > 1000
)
update attribute_values set value_key = 'SHA-256 ' || encode(sha256(convert_to(value_key, 'UTF8')), 'hex') where octet_length(value_key) > 1000;
