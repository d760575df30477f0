// The JavaScript SDK as an unmodified client, driven line by line.
//
// Usage: node client.mjs ENDPOINT
//
// Lines in and out are those of boto3_client.py. With "pages" the call is made
// through the SDK's own paginator.

import { createInterface } from "node:readline";
import * as sdk from "@aws-sdk/client-cloudwatch-logs";

const logs = new sdk.CloudWatchLogsClient({ endpoint: process.argv[2] });

// The paginator of GetLogEvents never ends by itself: at the end of a stream
// the service gives the same token again.
const untilTheEnd = { client: logs, stopOnSameToken: true };

async function call(op, input, pages) {
  if (!pages) return [await logs.send(new sdk[`${op}Command`](input))];
  const read = [];
  for await (const page of sdk[`paginate${op}`](untilTheEnd, input)) read.push(page);
  return read;
}

async function answer(line) {
  const ask = JSON.parse(line);
  try {
    const read = await call(ask.op, ask.in, ask.pages);
    return { out: read.map(({ $metadata, ...page }) => page) };
  } catch (e) {
    if (e instanceof sdk.CloudWatchLogsServiceException) return { code: e.name, message: e.message };
    return { failed: String(e.stack ?? e) };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(await answer(line)) + "\n");
}
