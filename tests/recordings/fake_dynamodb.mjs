// DynamoDB is dynalite; it is given the tables that a case begins with.
import { setTimeout } from 'node:timers/promises';

import dynalite from 'dynalite';

async function call(url, action, params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=a/b/us-east-1/dynamodb/aws4_request, '
        + 'SignedHeaders=host, Signature=s',
      'x-amz-date': '20200101T000000Z',
    },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: await response.json() };
}

async function makeTable(url, params) {
  const made = await call(url, 'CreateTable', params);
  if (made.status !== 200) throw new Error(`CreateTable: ${JSON.stringify(made.body)}`);
  for (;;) {
    const { body } = await call(url, 'DescribeTable', { TableName: params.TableName });
    if (body.Table?.TableStatus === 'ACTIVE') return;
    await setTimeout(5);
  }
}

export async function startDynamoDb() {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    async begin({ other_services: requests = [] }) {
      for (const { service, call: action, params } of requests) {
        if (service !== 'dynamodb' || action !== 'CreateTable') continue;
        const { StreamSpecification: _, ...table } = params; // dynalite has no streams
        const { TableName } = table;
        await call(url, 'DeleteTable', { TableName });
        while ((await call(url, 'DescribeTable', { TableName })).status === 200) {
          await setTimeout(5);
        }
        await makeTable(url, table);
      }
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
