/** A user name or an address: where it has to break, it does so before the @. */
export function Login({ value }: { value: string }) {
  const at = value.lastIndexOf('@');
  if (at < 1) return <>{value}</>;
  return (
    <>
      {value.slice(0, at)}
      <wbr />
      {value.slice(at)}
    </>
  );
}
