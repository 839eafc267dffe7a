// What passes presso's buses, as it happens: a reader of the server-sent events of /_presso/events.

// `onEvent` gets each event's envelope. Ends with `close()`; a connection that breaks (the server
// was killed) just ends.
export async function subscribe(url, bus, onEvent) {
  const abort = new AbortController();
  const response = await fetch(`${url}/_presso/events?bus=${encodeURIComponent(bus)}`, {
    signal: abort.signal,
    headers: { accept: 'text/event-stream' },
  });
  if (!response.ok) throw new Error(`GET /_presso/events answered ${response.status}`);
  const done = read(response.body, onEvent).catch(() => {});
  return { close: () => abort.abort(), done };
}

async function read(body, onEvent) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text
        .slice(0, end)
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      text = text.slice(end + 2);
      const { event } = JSON.parse(data || '{}');
      if (event !== undefined) onEvent(event);
    }
  }
}
