import {get, post, remove, showError} from './api.js';
import {isFinal, watchJob} from './jobs.js';

const POLL_MILLIS = 700;
const WORDS = {
  PENDING: 'Waiting', RUNNING: 'Painting', COMPLETED: 'Done', FAILED: 'Failed',
  CANCELLED: 'Cancelled', REJECTED: 'Refused', LOST: 'Lost',
};

const form = document.getElementById('idea-form');
const button = form.querySelector('button');
const formError = document.getElementById('idea-error');
const section = document.getElementById('story');
const badge = document.getElementById('story-state');
const storyError = document.getElementById('story-error');
const list = document.getElementById('scenes-list');
const announcer = document.getElementById('announcer');
const template = document.getElementById('scene-template');

/** Only the newest story is shown; what still comes for an older one is dropped. */
let current = null;

export function startStories() {
  form.addEventListener('submit', event => {
    event.preventDefault();
    begin(form.idea.value, form.scenes.valueAsNumber);
  });
}

async function begin(idea, scenes) {
  showError(formError, null);
  button.disabled = true;
  try {
    const story = await post('stories', {idea, scenes});
    current = story.id;
    show(idea);
    follow(story.id, []);
  } catch (error) {
    showError(formError, error);
  } finally {
    button.disabled = false;
  }
}

function show(idea) {
  document.getElementById('story-idea').textContent = idea;
  showError(storyError, null);
  list.replaceChildren();
  setBadge('RUNNING', 'Writing');
  section.hidden = false;
  section.focus();
  announce('The story is being written.');
}

/** Asks for the story until it has ended; each scene's picture is watched on its own. */
async function follow(id, views) {
  if (id !== current) {
    return;
  }
  try {
    const story = await get(`stories/${encodeURIComponent(id)}`);
    if (id !== current) {
      return;
    }
    showError(storyError, story.error);
    story.scenes.forEach((scene, index) => {
      views[index] ??= new SceneView(index + 1, scene.text);
      views[index].update(scene);
    });
    setBadge(story.state, story.state === 'RUNNING' ? (story.scenes.length ? 'Painting' : 'Writing') : WORDS[story.state]);
    if (story.state !== 'RUNNING') {
      announce(story.state === 'COMPLETED' ? 'The story is complete.' : 'The story could not be completed.');
      return;
    }
  } catch (error) {
    showError(storyError, error);
    if (error.category === 'NOT_FOUND') {
      return;
    }
  }
  setTimeout(() => follow(id, views), POLL_MILLIS);
}

/** One card of the story. */
class SceneView {
  constructor(number, text) {
    const card = template.content.cloneNode(true).firstElementChild;
    this.number = number;
    this.text = text;
    this.image = card.querySelector('img');
    this.waiting = card.querySelector('.waiting');
    this.state = card.querySelector('.state');
    this.progress = card.querySelector('progress');
    this.error = card.querySelector('.error');
    this.cancel = card.querySelector('.cancel');
    this.cancel.setAttribute('aria-label', `Cancel scene ${number}`);
    this.cancel.addEventListener('click', () => this.cancelJob());
    this.progress.setAttribute('aria-label', `Progress of scene ${number}`);
    card.querySelector('.text').textContent = text;
    list.append(card);
    this.said = null;
  }

  /** Takes the story's view of the scene: its job once it was sent, or why it was not. */
  update(scene) {
    if (scene.jobId && !this.watched) {
      this.watched = true;
      this.jobId = scene.jobId;
      watchJob(scene.jobId, job => this.showJob(job), error => showError(this.error, error));
    } else if (!scene.jobId) {
      this.showState(scene.state, null);
      showError(this.error, scene.error);
    }
  }

  async cancelJob() {
    this.cancel.disabled = true;
    try {
      await remove(`jobs/${encodeURIComponent(this.jobId)}`);
    } catch (error) {
      showError(this.error, error);
      this.cancel.disabled = false;
    }
  }

  showJob(job) {
    this.showState(job.state, job);
    this.cancel.hidden = isFinal(job.state);
    showError(this.error, job.error);
    if (job.previewUrl) {
      this.image.src = job.previewUrl;
      this.image.alt = `Preview of scene ${this.number}`;
      this.image.hidden = false;
    } else if (isFinal(job.state) && job.state !== 'COMPLETED') {
      this.image.hidden = true;
    }
    const picture = job.outputs.find(output => output.mediaType.startsWith('image/'));
    if (job.state === 'COMPLETED' && picture) {
      this.image.src = picture.url;
      this.image.alt = this.text;
      this.image.hidden = false;
      this.waiting.hidden = true;
    }
  }

  showState(state, job) {
    const {value, max} = job?.progress ?? {};
    this.progress.hidden = state !== 'RUNNING' && state !== 'PENDING';
    if (max) {
      this.progress.value = value / max;
    } else if (state === 'PENDING') {
      this.progress.value = 0;
    } else {
      this.progress.removeAttribute('value');
    }
    this.state.textContent = describe(state, job, max ? Math.round(100 * value / max) : null);
    if (state !== this.said) {
      this.said = state;
      document.dispatchEvent(new Event('jobchange'));
      announce(`Scene ${this.number}: ${WORDS[state]}.`);
    }
  }
}

function describe(state, job, percent) {
  if (state === 'PENDING' && job?.queuePosition) {
    return `Waiting, number ${job.queuePosition} in the queue`;
  }
  const left = job?.remainingSeconds ? `, about ${job.remainingSeconds} s` : '';
  return percent === null || state !== 'RUNNING' ? WORDS[state] : `Painting, ${percent} %${left}`;
}

function setBadge(state, text) {
  badge.className = `badge ${state}`;
  badge.textContent = text;
}

function announce(text) {
  announcer.textContent = text;
}
