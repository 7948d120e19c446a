/**
 * The only event stream of this page. Browsers allow six connections to a host for all tabs together, so there is one stream for
 * everything, and none while the page is hidden.
 */

const AGAIN_MILLIS = 2000;
const listeners = {hello: [], job: [], story: [], backend: [], lost: []};
let source = null;
let timer = null;

/** Calls back for each event: job, story, backend with their JSON; hello when the page must request the state of everything, lost when the stream broke. */
export function on(name, listener) {
  listeners[name].push(listener);
}

export function startEvents() {
  document.addEventListener('visibilitychange', () => document.hidden ? close() : connect());
  if (!document.hidden) {
    connect();
  }
}

function connect() {
  close();
  source = new EventSource('api/events');
  for (const name of ['hello', 'job', 'story', 'backend']) {
    source.addEventListener(name, event => notify(name, JSON.parse(event.data)));
  }
  source.onerror = () => {
    notify('lost');
    if (source.readyState === EventSource.CLOSED) { // after an error response; after a broken connection the browser reconnects
      timer = setTimeout(connect, AGAIN_MILLIS);
    }
  };
}

function close() {
  clearTimeout(timer);
  source?.close();
}

function notify(name, data) {
  listeners[name].forEach(listener => listener(data));
}
