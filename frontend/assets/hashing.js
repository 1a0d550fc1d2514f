// A worker that reads a file through and tells its SHA-256, so that a large one does not hold up
// the page. It takes {file} and answers {done} (bytes so far), then {sha256} in hex or {error}.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const CHUNK_BYTES = 4 * 1024 ** 2;

addEventListener("message", async ({ data: { file } }) => {
  try {
    const digest = sha256.create();
    for (let at = 0; at < file.size; at += CHUNK_BYTES) {
      const chunk = await file.slice(at, at + CHUNK_BYTES).arrayBuffer();
      digest.update(new Uint8Array(chunk));
      postMessage({ done: at + chunk.byteLength });
    }
    postMessage({ sha256: bytesToHex(digest.digest()) });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
