// Asks the program. Addresses are relative, so the token is that of the page.

/** The answer to a question; `null` if there is none any more. */
export async function ask(what, values = {}) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const query = new URLSearchParams(given);
  const response = await fetch(`api/${what}?${query}`, { cache: "no-store" });
  if (response.status === 410) return null;
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
  return response.json();
}
