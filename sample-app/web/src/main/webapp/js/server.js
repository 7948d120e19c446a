import {get} from './api.js';
import {showError} from './errors.js';

const facts = document.getElementById('server-facts');
const errorLine = document.getElementById('server-error');
const button = document.getElementById('server-refresh');

/** Whether a request is under way, and whether another must follow because something has changed meanwhile. */
let asking = false;
let changed = false;

export function startServerPanel() {
  button.addEventListener('click', refresh);
  document.addEventListener('jobchange', refresh);
  refresh();
}

async function refresh() {
  if (asking) {
    changed = true;
    return;
  }
  asking = true;
  do {
    changed = false;
    await ask();
  } while (changed);
  asking = false;
}

async function ask() {
  try {
    const [system, queue] = await Promise.all([get('comfyui/system'), get('comfyui/queue')]);
    facts.replaceChildren();
    add('Address', system.server);
    add('Version', system.version ?? 'unknown');
    system.devices.forEach(device => add('Device', `${device.name}, ${gigabytes(device)}`));
    add('Checkpoint', system.checkpoint ?? system.checkpointError?.message ?? 'as in the workflow');
    add('Running', queue.running.length);
    add('Waiting', queue.pending.length);
    showError(errorLine, null);
  } catch (error) {
    facts.replaceChildren();
    showError(errorLine, error, 'ComfyUI');
  }
}

function gigabytes({vramFree, vramTotal}) {
  const round = bytes => (bytes / 2 ** 30).toFixed(1);
  return `${round(vramFree)} of ${round(vramTotal)} GiB free`;
}

function add(name, value) {
  const term = document.createElement('dt');
  const description = document.createElement('dd');
  term.textContent = name;
  description.dir = 'auto';
  description.textContent = value;
  facts.append(term, description);
}
