/**
 * The one event stream of this page. Browsers have six connections to a host, for all tabs together: so there is one stream for
 * everything, and none while the page is not looked at.
 */

const AGAIN_MILLIS = 2000;
const listeners = {hello: [], job: [], story: [], backend: [], lost: []};
let source = null;
let timer = null;

/** Calls back for each event: job, story, backend with their JSON; hello when the state of things must be asked for, lost when the stream broke. */
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
    source.addEventListener(name, event => tell(name, JSON.parse(event.data)));
  }
  source.onerror = () => {
    tell('lost');
    if (source.readyState === EventSource.CLOSED) { // by an error answer; after a broken connection it tries again by itself
      timer = setTimeout(connect, AGAIN_MILLIS);
    }
  };
}

function close() {
  clearTimeout(timer);
  source?.close();
}

function tell(name, data) {
  listeners[name].forEach(listener => listener(data));
}
