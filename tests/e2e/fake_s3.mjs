// S3 as far as tests need it: buckets and objects in memory, path-style, its answers and refusals
// as S3 gives them.
//
//   const s3 = await startS3();            // { url, buckets, requests, stop }
//   s3.put('bucket', 'key', 'text');       // the bucket is made when there is none
//   s3.text('bucket', 'key');
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';

const kept = ['content-type', 'cache-control', 'content-encoding', 'x-amz-checksum-crc32'];
const isMetadata = (name) => name.startsWith('x-amz-meta-');
const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => String(text).replace(/[&<>"]/g, (one) => escapes[one]);
const element = (name, content) => `<${name}>${content}</${name}>`;
const texts = (members) =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element(name, escape(value)))
    .join('');
const xml = (root, content) =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`;
const hexSum = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

function makeObject(body, headers = {}) {
  const bytes = Buffer.from(body);
  const isKept = ([name]) => kept.includes(name) || isMetadata(name);
  const chosen = Object.entries(headers).filter(isKept);
  const etag = `"${hexSum('md5', bytes)}"`;
  return { bytes, etag, modified: new Date(), headers: Object.fromEntries(chosen) };
}

function checksumHeaders({ headers }) {
  const sum = headers['x-amz-checksum-crc32'];
  return sum ? { 'x-amz-checksum-crc32': sum, 'x-amz-checksum-type': 'FULL_OBJECT' } : {};
}

// What was signed must be what came: the hash of the body, and the checksum of it.
function verify(headers, body) {
  if (!/^AWS4-HMAC-SHA256 .*\/s3\/aws4_request/.test(headers.authorization ?? '')) {
    throw new Refusal(403, 'AccessDenied', 'Access Denied');
  }
  if (headers['x-amz-content-sha256'] !== hexSum('sha256', body)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new Refusal(400, 'XAmzContentSHA256Mismatch', message);
  }
  const sum = headers['x-amz-checksum-crc32'];
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  if (sum !== undefined && sum !== bytes.toString('base64')) {
    throw new Refusal(400, 'BadDigest', 'The CRC32 you specified did not match what we received.');
  }
}

class Store {
  constructor() {
    this.buckets = new Map();
    this.requests = [];
  }

  bucket(name) {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return bucket;
  }
  object(name, key) {
    const object = this.bucket(name).get(key);
    if (!object) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    return object;
  }

  createBucket({ name }) {
    if (!this.buckets.has(name)) this.buckets.set(name, new Map());
    return { headers: { location: `/${name}` } };
  }
  deleteBucket({ name }) {
    if (this.bucket(name).size > 0) {
      throw new Refusal(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
    }
    this.buckets.delete(name);
    return { status: 204 };
  }
  headBucket({ name }) {
    this.bucket(name);
    return { headers: { 'x-amz-bucket-region': 'us-east-1' } };
  }
  listBuckets() {
    const CreationDate = new Date(0).toISOString();
    const names = [...this.buckets.keys()].sort();
    const all = names.map((Name) => element('Bucket', texts({ CreationDate, Name }))).join('');
    const owner = element('Owner', texts({ ID: 'owner' }));
    return { body: xml('ListAllMyBucketsResult', owner + element('Buckets', all)) };
  }

  putObject({ name, key, headers, body }) {
    const source = headers['x-amz-copy-source'];
    if (source !== undefined) return this.copyObject({ name, key, source });
    const object = makeObject(body, headers);
    this.bucket(name).set(key, object);
    const encryption = { 'x-amz-server-side-encryption': 'AES256' };
    return { headers: { etag: object.etag, ...encryption, ...checksumHeaders(object) } };
  }
  copyObject({ name, key, source }) {
    const [, from, fromKey] = decodeURIComponent(source).match(/^\/?([^/]+)\/(.*)$/s);
    const copy = { ...this.object(from, fromKey), modified: new Date() };
    this.bucket(name).set(key, copy);
    const result = texts({ LastModified: copy.modified.toISOString(), ETag: copy.etag });
    return { body: xml('CopyObjectResult', result) };
  }
  getObject({ name, key, headers: { range, 'x-amz-checksum-mode': mode } }) {
    const object = this.object(name, key);
    const { bytes, etag, modified } = object;
    const headers = {
      'accept-ranges': 'bytes',
      'content-type': 'binary/octet-stream',
      ...object.headers,
      'x-amz-server-side-encryption': 'AES256',
      etag,
      'last-modified': modified.toUTCString(),
    };
    delete headers['x-amz-checksum-crc32'];
    if (mode === 'ENABLED') Object.assign(headers, checksumHeaders(object));
    const [, first, last] = range?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
    if (first === undefined) return { headers, body: bytes };
    const end = Math.min(last === '' ? bytes.length : Number(last) + 1, bytes.length);
    headers['content-range'] = `bytes ${first}-${end - 1}/${bytes.length}`;
    return { status: 206, headers, body: bytes.subarray(Number(first), end) };
  }
  // As the SDK for python shows it to whom asks for the checksum, too.
  shown(input) {
    const { Bucket: name, Key: key } = JSON.parse(input);
    const { headers, body } = this.getObject({
      name,
      key,
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    });
    return {
      AcceptRanges: headers['accept-ranges'],
      Body: body.toString('utf8'),
      ChecksumCRC32: headers['x-amz-checksum-crc32'],
      ChecksumType: headers['x-amz-checksum-type'],
      ContentLength: body.length,
      ContentType: headers['content-type'],
      ETag: headers.etag,
      LastModified: headers['last-modified'],
      Metadata: {},
      ServerSideEncryption: headers['x-amz-server-side-encryption'],
      ResponseMetadata: { HTTPHeaders: {}, HTTPStatusCode: 200 },
    };
  }
  deleteObject({ name, key }) {
    this.bucket(name).delete(key);
    return { status: 204 };
  }

  // A page ends at max-keys; a token is the last name shown.
  listObjects({ name, query }) {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? undefined;
    const token = query.get('continuation-token') ?? undefined;
    const start = query.get('start-after') ?? '';
    const after = token ? Buffer.from(token, 'base64').toString() : start;
    const maxKeys = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
    const shown = new Map();
    for (const key of [...this.bucket(name).keys()].sort()) {
      if (!key.startsWith(prefix)) continue;
      const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      const common = at < 0 ? undefined : key.slice(0, at + delimiter.length);
      if ((common ?? key) > after) shown.set(common ?? key, common === undefined);
    }
    const page = [...shown].slice(0, maxKeys);
    const isTruncated = shown.size > page.length;
    const members = {
      Name: name,
      Prefix: prefix,
      Delimiter: delimiter,
      MaxKeys: maxKeys,
      KeyCount: page.length,
      IsTruncated: isTruncated,
      ContinuationToken: token,
      NextContinuationToken: isTruncated
        ? Buffer.from(page.at(-1)[0]).toString('base64')
        : undefined,
    };
    const items = page.map(([key, isObject]) =>
      isObject
        ? element('Contents', this.listed(name, key))
        : element('CommonPrefixes', texts({ Prefix: key })),
    );
    return { body: xml('ListBucketResult', texts(members) + items.join('')) };
  }
  listed(name, key) {
    const { etag, modified, bytes } = this.object(name, key);
    return texts({
      Key: key,
      LastModified: `${modified.toISOString().slice(0, 19)}.000Z`,
      ETag: etag,
      Size: bytes.length,
      StorageClass: 'STANDARD',
    });
  }
}

function operationOf(method, name, key) {
  const of = {
    service: { GET: 'listBuckets' },
    bucket: { GET: 'listObjects', PUT: 'createBucket', DELETE: 'deleteBucket', HEAD: 'headBucket' },
    object: { GET: 'getObject', HEAD: 'getObject', PUT: 'putObject', DELETE: 'deleteObject' },
  };
  const place = name === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const operation = of[place][method];
  if (operation) return operation;
  throw new Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed.');
}

function answer(store, { method, url, headers }, body) {
  const [path, query = ''] = url.split(/\?(.*)/s);
  const [, name, key = ''] = path.match(/^\/([^/]*)(?:\/(.*))?$/s);
  const [bucket, object] = [decodeURIComponent(name), decodeURIComponent(key)];
  store.requests.push({ method, url, headers, body });
  verify(headers, body);
  const operation = operationOf(method, bucket, object);
  return store[operation]({
    name: bucket,
    key: object,
    query: new URLSearchParams(query),
    headers,
    body,
  });
}

function respond(request, response, { status = 200, headers = {}, body = '' }) {
  const isXml = typeof body === 'string' && body !== '';
  response.writeHead(status, {
    'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-amz-id-2': randomBytes(48).toString('base64'),
    ...(isXml ? { 'content-type': 'application/xml' } : {}),
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refused({ status = 500, code = 'InternalError', message }) {
  return { status, body: xml('Error', texts({ Code: code, Message: message })) };
}

// `buckets` may be replaced between cases: a map of objects for each name.
export async function startS3() {
  const store = new Store();
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      try {
        respond(request, response, answer(store, request, Buffer.concat(chunks)));
      } catch (error) {
        respond(request, response, refused(error));
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  store.url = `http://127.0.0.1:${server.address().port}`;
  store.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  store.put = (name, key, body, headers) => {
    store.createBucket({ name });
    store.bucket(name).set(key, makeObject(body, headers));
  };
  store.text = (name, key) => store.object(name, key).bytes.toString('utf8');
  return store;
}

// The buckets that a recorded case begins with; nothing when it asks more of S3 than that.
export function bucketsOf({ other_services: requests = [] }) {
  const buckets = new Map();
  for (const { service, call, params } of requests) {
    if (service !== 's3') continue;
    if (call === 'CreateBucket') {
      buckets.set(params.Bucket, new Map());
    } else if (call === 'PutObject') {
      buckets.get(params.Bucket).set(params.Key, makeObject(params.Body ?? ''));
    } else {
      return undefined;
    }
  }
  return buckets;
}
