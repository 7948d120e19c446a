/** The REST API. Every failure becomes an Error with the message of the application's error JSON. */

export class ApiError extends Error {
  constructor(category, message, details) {
    super(message);
    this.category = category;
    this.details = details;
  }
}

async function request(method, path, headers, body, signal) {
  let response;
  try {
    response = await fetch('api/' + path, {method, headers, body, signal});
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new ApiError('APPLICATION', 'The application does not respond. Is it still running?', {});
  }
  if (!response.ok) {
    throw failure(response, await response.json().catch(() => null));
  }
  return response;
}

function failure(response, json) {
  const error = json?.error ?? {category: 'APPLICATION', message: `Unexpected response: ${response.status}`, details: {}};
  return new ApiError(error.category, error.message, error.details);
}

async function call(method, path, body) {
  const json = body !== undefined;
  const response = await request(method, path,
      json ? {'Content-Type': 'application/json'} : {}, json ? JSON.stringify(body) : undefined);
  return response.status === 204 ? null : response.json();
}

export const get = path => call('GET', path);
export const remove = path => call('DELETE', path);
export const put = (path, body) => call('PUT', path, body);
export const post = (path, body) => call('POST', path, body);

/** Uploads a file and returns the reference that workflows use for it. */
export async function upload(file) {
  const form = new FormData();
  form.append('image', file);
  const response = await request('POST', 'uploads', {}, form);
  return (await response.json()).reference;
}

/**
 * Requests server-sent events and calls back for each; resolves at the end of the stream.
 * @param {AbortSignal} signal aborting it ends the stream, and with it the work of the application
 */
export async function stream(path, body, signal, onEvent) {
  const response = await request('POST', path, {'Content-Type': 'application/json'}, JSON.stringify(body), signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = event.match(/^event: (.*)\ndata: (.*)$/);
      onEvent(name, JSON.parse(data));
    }
  }
}
