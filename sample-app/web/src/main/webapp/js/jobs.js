import {get} from './api.js';

const FINAL = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'REJECTED', 'LOST']);
const POLL_MILLIS = 1000;

export const isFinal = state => FINAL.has(state);

/**
 * Watches a job until it has ended: by its event stream, and by asking every second if the stream does not work.
 * Calls onChange with every new status, and onError with what keeps it from being asked; it goes on asking.
 */
export function watchJob(id, onChange, onError) {
  const path = `jobs/${encodeURIComponent(id)}`;
  const events = new EventSource(`api/${path}/events`);

  events.onmessage = event => {
    const job = JSON.parse(event.data);
    if (isFinal(job.state)) {
      events.close();
    }
    onChange(job);
  };
  events.onerror = () => {
    events.close();
    poll();
  };

  async function poll() {
    try {
      const job = await get(path);
      onChange(job);
      if (isFinal(job.state)) {
        return;
      }
    } catch (error) {
      onError(error);
      if (error.category === 'NOT_FOUND') {
        return;
      }
    }
    setTimeout(poll, POLL_MILLIS);
  }
}
