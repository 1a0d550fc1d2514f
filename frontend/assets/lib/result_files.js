// Where the files of a result are at the object store. Such addresses work for some minutes only, so
// they are asked for anew a while before they end.

const SPARE_MS = 30_000;

/** `path` answers {files: {name: address}, seconds: how long these work}. */
export function resultFiles(path) {
  let answer;
  let until = 0;

  async function ask() {
    const response = await fetch(path);
    if (!response.ok) throw new Error(await refusal(response));
    const { files, seconds } = await response.json();
    until = Date.now() + Math.max(seconds * 500, seconds * 1_000 - SPARE_MS);
    return files;
  }

  return {
    /** A promise of the address of the file of this name. */
    async address(name) {
      if (Date.now() >= until) {
        until = Infinity; // who asks meanwhile waits for the same answer
        answer = ask().catch((error) => {
          until = 0;
          throw error;
        });
      }
      return (await answer)[name];
    },
  };
}

async function refusal(response) {
  if (response.status === 401) return "Your session has ended. Please reload the page.";
  const problem = await response.json().catch(() => null);
  return problem?.detail ?? `The server answered ${response.status}.`;
}
