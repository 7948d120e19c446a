import {goTo, onStoryChange, shownStory} from './address.js';
import {get, post, remove} from './api.js';
import {once} from './buttons.js';
import {choices} from './choices.js';
import {showError} from './errors.js';
import {on} from './events.js';
import {SceneView, isFinal} from './scene.js';

const WORDS = {COMPLETED: 'Done', CANCELLED: 'Cancelled', FAILED: 'Failed'};
const WRITER = 'the language model';

const form = document.getElementById('idea-form');
const submit = form.querySelector('button');
const formError = document.getElementById('idea-error');
const section = document.getElementById('story');
const badge = document.getElementById('story-state');
const clock = document.getElementById('story-clock');
const writing = document.getElementById('story-writing');
const note = document.getElementById('story-note');
const storyError = document.getElementById('story-error');
const list = document.getElementById('scenes-list');
const cancel = document.getElementById('story-cancel');
const again = document.getElementById('story-again');
const announcer = document.getElementById('announcer');

/** The story that is shown: the one in the address. */
let id = null;
let story = null;
let views = [];

/** Whether the connection to the application is lost, and the backend that does not respond; null if all do. */
let lost = false;
let silent = null;

export function startStories() {
  form.addEventListener('submit', event => {
    event.preventDefault();
    once(submit, begin);
  });
  cancel.addEventListener('click', () => once(cancel, cancelStory));
  again.addEventListener('click', () => once(again, beginAgain));
  onStoryChange(open);
  on('hello', ({backends}) => {
    lost = false;
    silent = backends.find(({backend, up}) => backend === 'comfyui' && !up) ?? null;
    showNote();
    refresh();
  });
  on('lost', () => {
    lost = true;
    showNote();
  });
  on('backend', backend => {
    silent = backend.up ? null : backend;
    showNote();
  });
  on('story', changed => changed.id === id && show(changed));
  on('job', job => views.find(view => view.jobId === job.id)?.updateJob(job));
  setInterval(showClock, 1000);
  open();
}

async function begin() {
  showError(formError, null);
  try {
    await create({idea: form.idea.value, scenes: form.scenes.valueAsNumber, ...await choices()});
  } catch (error) {
    showError(formError, error);
  }
}

async function beginAgain() {
  try {
    await create({idea: story.idea, scenes: story.length, template: story.template, parameters: story.parameters});
  } catch (error) {
    showError(storyError, error);
  }
}

async function create(request) {
  const begun = await post('stories', request);
  goTo(begun.id);
}

/** Shows the story that the address names. */
function open() {
  const wanted = shownStory();
  if (wanted === id) {
    return;
  }
  id = wanted;
  story = null;
  views = [];
  list.replaceChildren();
  section.hidden = id === null;
  if (id !== null) {
    document.getElementById('story-idea').textContent = '';
    clear();
    section.focus();
    refresh();
  }
}

function clear() {
  badge.textContent = '';
  clock.textContent = '';
  showError(storyError, null);
  [note, writing, cancel, again].forEach(element => element.hidden = true);
}

/** Requests the story and its jobs. */
async function refresh() {
  if (id === null) {
    return;
  }
  const asked = id;
  const known = story;
  try {
    const answer = await get(`stories/${encodeURIComponent(asked)}`);
    if (asked === id && story === known) { // no event came meanwhile
      show(answer);
      views.forEach(view => view.refresh());
    }
  } catch (error) {
    if (asked !== id) {
      return;
    }
    if (error.category === 'NOT_FOUND') {
      showGone();
    } else {
      showError(storyError, error);
    }
  }
}

/** Pictures that are already shown stay. */
function showGone() {
  story = null;
  clear();
  badge.className = 'badge';
  badge.textContent = 'Gone';
  list.querySelectorAll('.cancel, .again, progress').forEach(element => element.hidden = true);
  showError(storyError, {category: 'NOT_FOUND', message: 'This story no longer exists. Storyboard keeps at most 100 stories, until the application stops.'});
}

function show(now) {
  const before = story?.state;
  story = now;
  document.getElementById('story-idea').textContent = now.idea;
  now.scenes.forEach((scene, index) => {
    if (!views[index]) {
      views[index] = new SceneView(now.id, index, scene.text, announce);
      list.append(views[index].card);
    }
    views[index].update(scene);
  });
  const running = now.state === 'RUNNING';
  const written = now.scenes.length > 0;
  badge.className = `badge ${now.state}`;
  badge.textContent = running ? (written ? 'Painting' : 'Writing') : WORDS[now.state];
  writing.hidden = !running || written;
  again.hidden = running || written;
  hideCancel(!running);
  // the card of a scene shows its error
  showError(storyError, written ? null : now.error, WRITER);
  showNote();
  showClock();
  if (before === undefined) {
    section.scrollIntoView();
  }
  if (now.state !== before) {
    announce({
      RUNNING: written ? 'The story is being painted.' : 'The story is being written.',
      COMPLETED: 'The story is complete.',
      CANCELLED: 'The story was cancelled.',
      FAILED: 'The story could not be completed.',
    }[now.state]);
  }
}

async function cancelStory() {
  try {
    const cancelled = await remove(`stories/${encodeURIComponent(id)}`);
    if (cancelled.id === id) {
      show(cancelled);
    }
  } catch (error) {
    showError(storyError, error, 'ComfyUI');
  }
}

/** Moves the focus before its button is hidden. */
function hideCancel(hidden) {
  const focused = document.activeElement === cancel;
  cancel.hidden = hidden;
  if (hidden && focused) {
    (again.hidden ? section : again).focus();
  }
}

/** Shows the elapsed time while the model writes. */
function showClock() {
  const writes = story?.state === 'RUNNING' && story.scenes.length === 0;
  clock.textContent = writes ? `for ${Math.max(0, Math.round((Date.now() - Date.parse(story.begun)) / 1000))} s` : '';
}

/** Shows why there is no progress. */
function showNote() {
  const awaited = story?.scenes.some(scene => !isFinal(scene.state)) ?? false;
  let text = '';
  if (lost) {
    text = 'The application does not respond. This page continues as soon as it does.';
  } else if (silent && awaited) {
    text = `ComfyUI does not respond. The pictures will be updated when it does. (${silent.detail})`;
  }
  views.forEach(view => view.stall(!lost && silent !== null));
  note.hidden = !text || id === null;
  if (note.textContent !== text) {
    note.textContent = text;
  }
}

function announce(text) {
  announcer.textContent = text;
}
