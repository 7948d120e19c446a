import {get, post, put, remove} from './api.js';
import {Chart} from './chart.js';
import {showError} from './errors.js';

const PERIOD = 2000;
const POOLS = [['comfyui', 'ComfyUI'], ['llm', 'Language model']];

const errorLine = document.getElementById('error');
const health = document.getElementById('health');
const panels = POOLS.map(([key, title]) => panel(key, title));

document.getElementById('reset').addEventListener('click', async () => {
  try {
    await remove('statistics');
    await refresh();
  } catch (error) {
    showError(errorLine, error);
  }
});
follow();

/** One request after the other, however slow they are; none while the page is hidden. */
async function follow() {
  for (;;) {
    if (!document.hidden) {
      await refresh();
    }
    await new Promise(resolve => setTimeout(resolve, PERIOD));
  }
}

async function refresh() {
  try {
    const [statistics, targets] = await Promise.all([get('statistics'), get('targets'), showHealth()]);
    panels.forEach(show => show(statistics));
    showBackends(statistics.backends);
    showJobStore(statistics.jobStore);
    showTargets(targets);
    const since = new Date(statistics.comfyui.since);
    document.getElementById('since').textContent = `Counted since ${since.toLocaleTimeString()}`;
    showError(errorLine, null);
  } catch (error) {
    showError(errorLine, error);
  }
}

async function showHealth() {
  const response = await fetch('/health/ready').catch(() => null);
  const ready = response?.status === 200;
  health.textContent = ready ? 'Ready' : response?.status === 503 ? 'Not ready' : 'Health unknown';
  health.className = `badge ${ready ? 'COMPLETED' : 'FAILED'}`;
}

/** Shows the ComfyUI servers, if there are several. Rows stay, so that a button keeps the focus. */
function showBackends(backends) {
  const root = document.getElementById('backends');
  const body = root.querySelector('tbody');
  root.hidden = backends.length === 0;
  while (body.rows.length > backends.length) {
    body.deleteRow(-1);
  }
  backends.forEach((backend, i) => {
    const row = body.rows[i] ?? emptyRow(body);
    row.dataset.name = backend.name;
    row.dataset.operation = backend.drained ? 'resume' : 'drain';
    const cells = [backend.name, backend.state.toLowerCase(), backend.jobs, backend.runningJobs, backend.otherJobs,
      backend.completedJobs, backend.lostJobs, backend.models || '–'];
    cells.forEach((value, cell) => { row.cells[cell].textContent = value.toLocaleString(); });
    row.cells[0].title = backend.server;
    const button = row.querySelector('button');
    button.textContent = backend.drained ? 'Resume' : 'Drain';
    button.setAttribute('aria-label', `${button.textContent} ${backend.name}`);
  });
}

function emptyRow(body) {
  const row = body.insertRow();
  row.append(Object.assign(document.createElement('th'), {scope: 'row'}));
  for (let i = 0; i < 8; i++) {
    row.insertCell();
  }
  const button = Object.assign(document.createElement('button'), {type: 'button', className: 'quiet'});
  button.addEventListener('click', async () => {
    try {
      await post(`statistics/backends/${encodeURIComponent(row.dataset.name)}/${row.dataset.operation}`);
      await refresh();
    } catch (error) {
      showError(errorLine, error);
    }
  });
  row.cells[8].append(button);
  return row;
}

/** Shows what is in the job store, if there is one. */
function showJobStore(store) {
  const root = document.getElementById('job-store');
  root.hidden = !store;
  if (store) {
    list(root.querySelector('.figures'), [
      ...Object.entries(store.jobs).map(([state, jobs]) => [`${state.charAt(0)}${state.slice(1).toLowerCase()} jobs`, jobs]),
      ['Oldest waits', millis(store.oldestWaitingMillis)],
      ['In flight', store.inFlight],
      ['Waiting ends', store.waitingDeliveries],
      ['Dead ends', store.deadDeliveries],
      ['Application servers', store.instances],
      ['Taken over', store.takeOvers],
    ]);
  }
}

/** Shows the services behind the language model with their limits and costs, if there are several. */
function showTargets(pools) {
  const root = document.getElementById('targets');
  root.hidden = pools.length === 0;
  const all = name => pools.flatMap(pool => pool[name]);
  rows(root.querySelector('.services tbody'), all('targets').map(one =>
      [`${one.name} (${one.provider})`, one.state, one.underWay, switchOf(one)]));
  rows(root.querySelector('.limits tbody'), all('limits').map(one =>
      [`${one.measure} per ${one.scope} ${one.name}${one.shadow ? ' (only counted)' : ''}`, one.used, one.most, one.refused]));
  rows(root.querySelector('.usage tbody'), all('usage').map(one =>
      [[one.application, one.caller, one.model, one.target].filter(Boolean).join(', '), one.calls,
        one.inputTokens + one.outputTokens, one.cost]));
}

/** The button that switches a target; made anew only when the state of a target changes. */
function switchOf({name, state}) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = state === 'OFF' ? 'Switch on' : 'Switch off';
  button.setAttribute('aria-label', `${button.textContent} ${name}`);
  button.addEventListener('click', async () => {
    try {
      await put(`targets/${encodeURIComponent(name)}`, {state: state === 'OFF' ? 'ON' : 'OFF'});
      await refresh();
    } catch (error) {
      showError(errorLine, error);
    }
  });
  return button;
}

/** Replaces the rows of a table, unless they are the same. */
function rows(body, cells) {
  const said = JSON.stringify(cells.map(row => row.map(cell => cell.textContent ?? cell)));
  if (body.dataset.said === said) {
    return;
  }
  body.dataset.said = said;
  body.replaceChildren(...cells.map(row => {
    const line = document.createElement('tr');
    row.forEach(cell => line.insertCell().append(cell));
    return line;
  }));
}

/** Makes the panel of a pool and returns the function that shows a snapshot in it. */
function panel(key, title) {
  const root = document.getElementById('pool-template').content.cloneNode(true).firstElementChild;
  const find = selector => root.querySelector(selector);
  root.id = `pool-${key}`;
  find('h2').textContent = title;
  document.getElementById('pools').append(root);
  const charts = find('.charts');
  const connections = new Chart(charts, 'Connections', ['active', 'idle', 'total']);
  const requests = new Chart(charts, 'Requests per second', ['successful', 'failed'], ['--good', '--bad']);
  const latency = new Chart(charts, 'Latency, ms', ['median', '95 %', '99 %']);
  const fourth = key === 'llm'
      ? new Chart(charts, 'Tokens per second', ['input', 'output'])
      : new Chart(charts, 'Jobs', ['running', 'pending']);
  let last = null;

  return all => {
    const now = all[key];
    const time = Date.now() / 1000;
    const rate = name => !last || now.since !== last.since ? null
        : Math.max(0, (now[name] - last[name]) / (time - last.time));
    connections.add(time, [now.activeConnections, now.idleConnections, now.totalConnections]);
    requests.add(time, [rate('successfulRequests'), rate('failedRequests')]);
    latency.add(time, [now.latencyMillis.p50, now.latencyMillis.p95, now.latencyMillis.p99]);
    fourth.add(time, key === 'llm' ? [rate('inputTokens'), rate('outputTokens')] : [now.runningJobs, now.pendingJobs]);
    last = {...now, time};

    const circuit = find('.circuit');
    circuit.textContent = `circuit ${now.circuit.toLowerCase().replace('_', ' ')}`;
    circuit.className = `badge circuit ${now.circuit === 'CLOSED' ? 'COMPLETED' : 'FAILED'}`;
    compare(find('.sides tbody'), now, now.container);
    list(find('.figures'), [
      ['Open connections', now.maxConnections ? `${now.totalConnections} of ${now.maxConnections}` : now.totalConnections],
      ['Requests', now.totalRequests],
      ['Success rate', `${(now.successRate * 100).toFixed(1)} %`],
      ['Retries', now.retries],
      ['Median latency', millis(now.latencyMillis.p50)],
      ...key === 'llm' ? [['Input tokens', now.inputTokens], ['Output tokens', now.outputTokens]]
          : ['Submitted', 'Pending', 'Running', 'Completed', 'Failed', 'Cancelled', 'Rejected', 'Lost']
              .map(state => [`${state} jobs`, now[`${state.toLowerCase()}Jobs`]]),
    ]);
    showFailures(find('.failures'), now.failuresByCategory);
  };
}

/** The figures of the adapter and of the application server, side by side. */
function compare(body, adapter, container) {
  const rows = [
    ['Active', 'activeConnections'],
    ['Idle', 'idleConnections'],
    ['Peak', 'peakConnections'],
    ['Created', 'createdConnections'],
    ['Destroyed', 'destroyedConnections'],
    ['Borrowed', 'borrowedConnections'],
    ['Refused, or timed out', 'refusedConnections', 'timedOutCallers'],
    ['Waiting now', null, 'waitingCallers'],
    ['Average wait', 'averageWaitMillis', 'averageWaitMillis', millis],
    ['Longest wait', 'longestWaitMillis', 'longestWaitMillis', millis],
    ['Failed validations', null, 'failedValidations'],
    ['Suspected leaks', null, 'suspectedLeaks'],
  ].filter(([, own]) => own || container);
  body.replaceChildren(...rows.map(([name, own, other = own, show = number => number.toLocaleString()], i) => {
    const row = document.createElement('tr');
    const cell = (kind, text) => row.appendChild(Object.assign(document.createElement(kind), {textContent: text}));
    cell('th', name).scope = 'row';
    cell('td', own ? show(adapter[own]) : '–');
    if (container) {
      cell('td', other in container ? show(container[other]) : '–');
    } else if (i === 0) {
      Object.assign(cell('td', 'not available on this application server'), {rowSpan: rows.length, className: 'hint'});
    }
    return row;
  }));
}

function showFailures(line, failures) {
  const entries = Object.entries(failures);
  line.hidden = entries.length === 0;
  line.textContent = 'Failed: ' + entries.map(([category, count]) => `${count} ${category}`).join(', ');
}

function millis(value) {
  return value < 10 ? `${value.toFixed(2)} ms` : value < 10000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function list(element, entries) {
  element.replaceChildren(...entries.map(([name, value]) => {
    const pair = document.createElement('div');
    const term = document.createElement('dt');
    const figure = document.createElement('dd');
    term.textContent = name;
    figure.textContent = typeof value === 'number' ? value.toLocaleString() : value;
    pair.append(term, figure);
    return pair;
  }));
}
