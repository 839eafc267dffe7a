// S3 as tasks see it: state machines that store, read, list, copy and remove objects, and what they
// catch when there is none.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

import { startS3 } from './fake_s3.mjs';
import { clients, eventually, role, serverFor } from './support.mjs';

const sdk = (action) => `arn:aws:states:::aws-sdk:s3:${action}`;
const isoSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

async function world(t) {
  const s3 = await startS3();
  t.after(() => s3.stop());
  const presso = await serverFor(t, { environment: { AWS_ENDPOINT_URL_S3: s3.url } });
  const { states } = clients(presso.url);
  let count = 0;
  const run = async (definition, input = {}) => {
    const name = `machine-${count++}`;
    const text = JSON.stringify(definition);
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name, definition: text, roleArn: role }),
    );
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return eventually(async () => {
      const found = await states.send(new DescribeExecutionCommand({ executionArn }));
      return found.status !== 'RUNNING' && found;
    }, 'the end of the execution');
  };
  const task = (Resource, Parameters) =>
    run({ StartAt: 'Call', States: { Call: { Type: 'Task', Resource, Parameters, End: true } } });
  const result = async (action, parameters) => {
    const { status, output, error, cause } = await task(sdk(action), parameters);
    assert.equal(status, 'SUCCEEDED', `${error}: ${cause}`);
    return JSON.parse(output);
  };
  const failure = async (action, parameters) => {
    const { status, error, cause } = await task(sdk(action), parameters);
    assert.equal(status, 'FAILED');
    return { error, cause };
  };
  return { s3, run, task, result, failure };
}

test('an object is stored as JSON text and read as it is', async (t) => {
  const { s3, result } = await world(t);
  const Bucket = 'orders';
  assert.deepEqual(await result('createBucket', { Bucket }), { Location: '/orders' });
  const Key = 'zürich/1 + 1=2?.json';
  const stored = await result('putObject', { Bucket, Key, Body: { n: 1 }, Metadata: { by: 'me' } });
  const ETag = `"${createHash('md5').update('{"n":1}').digest('hex')}"`;
  assert.equal(stored.ETag, ETag);
  assert.equal(stored.ChecksumType, 'FULL_OBJECT');
  assert.equal(s3.text(Bucket, Key), '{"n":1}');

  const { LastModified, ...read } = await result('getObject', { Bucket, Key });
  assert.match(LastModified, isoSeconds);
  assert.deepEqual(read, {
    AcceptRanges: 'bytes',
    ContentLength: 7,
    ContentType: 'text/plain; charset=UTF-8',
    ETag,
    Metadata: { by: 'me' },
    ServerSideEncryption: 'AES256',
    Body: '{"n":1}',
  });
  assert.equal(Object.keys(read).at(-1), 'Body');
  const { Body, ...described } = read;
  assert.deepEqual(await result('headObject', { Bucket, Key }), { ...described, LastModified });
  const part = await result('getObject', { Bucket, Key, Range: 'bytes=1-3' });
  assert.equal(part.Body, Body.slice(1, 4));
  assert.equal(part.ContentRange, 'bytes 1-3/7');

  const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
  const copied = await result('copyObject', { Bucket, Key: 'copy', CopySource });
  assert.equal(copied.CopyObjectResult.ETag, ETag);
  assert.deepEqual(await result('deleteObject', { Bucket, Key }), {});
  assert.deepEqual(await result('deleteObject', { Bucket, Key: 'copy' }), {});
  const { Buckets } = await result('listBuckets', {});
  assert.deepEqual(Buckets, [{ CreationDate: '1970-01-01T00:00:00Z', Name: 'orders' }]);
  assert.deepEqual(await result('deleteBucket', { Bucket }), {});
  assert.equal(s3.buckets.size, 0);
});

test('a listing comes page by page, with its prefixes', async (t) => {
  const { s3, result } = await world(t);
  const Bucket = 'b';
  for (const key of ['a/1 & 2', 'a/3', 'a/deep/4', 'z']) s3.put(Bucket, key, key);
  const first = await result('listObjectsV2', { Bucket, Prefix: 'a/', Delimiter: '/', MaxKeys: 2 });
  assert.equal(first.IsTruncated, true);
  assert.equal(first.KeyCount, 2);
  assert.deepEqual(
    first.Contents.map(({ Key, Size, StorageClass }) => [Key, Size, StorageClass]),
    [
      ['a/1 & 2', 7, 'STANDARD'],
      ['a/3', 3, 'STANDARD'],
    ],
  );
  assert.match(first.Contents[0].LastModified, isoSeconds);
  const { NextContinuationToken: ContinuationToken } = first;
  const parameters = { Bucket, Prefix: 'a/', Delimiter: '/', MaxKeys: 2, ContinuationToken };
  const second = await result('listObjectsV2', parameters);
  assert.deepEqual(second.CommonPrefixes, [{ Prefix: 'a/deep/' }]);
  assert.equal(second.IsTruncated, false);
  assert.equal('Contents' in second, false);
});

test('a key that is not there is caught by its name', async (t) => {
  const { s3, run, failure } = await world(t);
  s3.put('b', 'there', 'x');
  const catcher = { ErrorEquals: ['S3.NoSuchKeyException'], ResultPath: '$.caught', Next: 'None' };
  const read = {
    Type: 'Task',
    Resource: sdk('getObject'),
    Parameters: { Bucket: 'b', 'Key.$': '$.key' },
    Catch: [catcher],
    End: true,
  };
  const states = { Read: read, None: { Type: 'Pass', End: true } };
  const { status, output } = await run({ StartAt: 'Read', States: states }, { key: 'gone' });
  assert.equal(status, 'SUCCEEDED');
  const { key, caught } = JSON.parse(output);
  assert.equal(key, 'gone');
  assert.equal(caught.Error, 'S3.NoSuchKeyException');
  const [message, ids] = caught.Cause.split(' (Service: S3, Status Code: 404, ');
  assert.equal(message, 'The specified key does not exist.');
  assert.match(ids, /^Request ID: \w+, Extended Request ID: \S+\) \(SDK Attempt Count: 1\)$/);

  const noBucket = await failure('listObjectsV2', { Bucket: 'nowhere' });
  assert.equal(noBucket.error, 'S3.NoSuchBucketException');
  assert.match(noBucket.cause, /^The specified bucket does not exist \(Service: S3/);
  const noObject = await failure('headObject', { Bucket: 'b', Key: 'gone' });
  assert.equal(noObject.error, 'S3.NoSuchKeyException');
  const full = await failure('deleteBucket', { Bucket: 'b' });
  assert.equal(full.error, 'S3.S3Exception');
  assert.match(full.cause, /^The bucket you tried to delete is not empty/);
  // AWS has no integration of what answers by a stream of events.
  await assert.rejects(failure('selectObjectContent', { Bucket: 'b', Key: 'there' }), {
    name: 'InvalidDefinition',
    message: /aws-sdk:s3:selectObjectContent is not recognized/,
  });
});

test('what is no UTF-8 is replaced, and what is too large for a state is refused', async (t) => {
  const { s3, result, failure } = await world(t);
  s3.put('b', 'bytes', Buffer.from([0x61, 0xff, 0x62, 0xc3, 0xa9]));
  assert.equal((await result('getObject', { Bucket: 'b', Key: 'bytes' })).Body, 'a\ufffdbé');
  s3.put('b', 'large', Buffer.alloc(40 * 1024 * 1024, 'x'));
  const { error } = await failure('getObject', { Bucket: 'b', Key: 'large' });
  assert.equal(error, 'States.DataLimitExceeded');
});

test('a distributed Map goes over the rows of an inventory in gzip', async (t) => {
  const { s3, run } = await world(t);
  const file = (key) => ({ key, size: 1, MD5checksum: 'unchecked' });
  const manifest = {
    sourceBucket: 'photos',
    destinationBucket: 'arn:aws:s3:::inventories',
    version: '2016-11-30',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size',
    files: [file('photos/all/data/1.csv.gz'), file('photos/all/data/2.csv.gz')],
  };
  s3.put('inventories', 'photos/all/manifest.json', JSON.stringify(manifest));
  s3.put('inventories', 'photos/all/data/1.csv.gz', gzipSync('"photos","cat.jpg","10"\n'));
  s3.put('inventories', 'photos/all/data/2.csv.gz', gzipSync('"photos","dog.jpg","20"\n'));
  const { status, output, cause } = await run({
    StartAt: 'Map',
    States: {
      Map: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'MANIFEST', ManifestType: 'S3_INVENTORY' },
          Parameters: { Bucket: 'inventories', Key: 'photos/all/manifest.json' },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'Pass',
          States: { Pass: { Type: 'Pass', End: true } },
        },
        End: true,
      },
    },
  });
  assert.equal(status, 'SUCCEEDED', cause);
  assert.deepEqual(JSON.parse(output), [
    { Bucket: 'photos', Key: 'cat.jpg', Size: '10' },
    { Bucket: 'photos', Key: 'dog.jpg', Size: '20' },
  ]);
});
