import {get, post, remove} from './api.js';
import {once} from './buttons.js';
import {showError} from './errors.js';
import {showLarge} from './viewer.js';

const FINAL = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'REJECTED', 'LOST']);
const WORDS = {
  PENDING: 'Waiting', RUNNING: 'Painting', COMPLETED: 'Done', FAILED: 'Failed',
  CANCELLED: 'Cancelled', REJECTED: 'Rejected', LOST: 'Lost',
};
const PAINTER = 'ComfyUI';

export const isFinal = state => FINAL.has(state);
export const word = state => WORDS[state];

/** One card of a story. */
export class SceneView {
  constructor(storyId, index, text, announce) {
    const card = document.getElementById('scene-template').content.cloneNode(true).firstElementChild;
    const find = selector => card.querySelector(selector);
    this.card = card;
    this.path = `stories/${encodeURIComponent(storyId)}/scenes/${index}`;
    this.number = index + 1;
    this.text = text;
    this.announce = announce;
    this.picture = find('.picture');
    this.image = find('img');
    this.waiting = find('.waiting');
    this.state = find('.state');
    this.progress = find('progress');
    this.error = find('.error');
    this.cancel = find('.cancel');
    this.again = find('.again');
    this.download = find('.download');
    this.jobId = null;
    this.scene = null;
    this.job = null;
    this.said = null;
    this.stalled = false;
    find('.text').textContent = text;
    this.cancel.setAttribute('aria-label', `Cancel scene ${this.number}`);
    this.again.setAttribute('aria-label', `Paint again: scene ${this.number}`);
    this.download.setAttribute('aria-label', `Download the picture of scene ${this.number}`);
    this.progress.setAttribute('aria-label', `Progress of scene ${this.number}`);
    this.cancel.addEventListener('click', () => this.ask(this.cancel, () => remove(`jobs/${encodeURIComponent(this.jobId)}`)));
    this.again.addEventListener('click', () => this.ask(this.again, () => post(this.path)));
    this.picture.addEventListener('click', () => showLarge(`Scene ${this.number}`, this.text, this.scene.imageUrl));
  }

  /** The next event shows the effect of the action. */
  ask(button, action) {
    return once(button, async () => {
      try {
        await action();
      } catch (error) {
        showError(this.error, error, PAINTER);
      }
    });
  }

  /** Shows a new state of the scene. */
  update(scene) {
    this.scene = scene;
    if (scene.jobId !== this.jobId) {
      this.jobId = scene.jobId;
      this.job = null;
    }
    if (isFinal(scene.state)) {
      this.job = null;
    }
    this.show();
  }

  /** Shows a job's progress, queue position and preview. */
  updateJob(job) {
    if (!isFinal(job.state) && !isFinal(this.scene.state)) { // the event of the story brings the end
      this.job = job;
      this.show();
    }
  }

  /** Whether ComfyUI does not respond, so that the state of the job is unknown. */
  stall(stalled) {
    if (this.stalled !== stalled) {
      this.stalled = stalled;
      this.show();
    }
  }

  /** Requests the job, because its next event may be far away. */
  async refresh() {
    if (!this.jobId || isFinal(this.scene.state)) {
      return;
    }
    const known = this.job;
    try {
      const job = await get(`jobs/${encodeURIComponent(this.jobId)}`);
      if (this.job === known) { // no event came meanwhile
        this.updateJob(job);
      }
    } catch (error) {
      showError(this.error, error, PAINTER);
    }
  }

  show() {
    const {state, imageUrl, error} = this.scene;
    const ended = isFinal(state);
    this.state.textContent = this.describe();
    this.progress.hidden = ended;
    this.showProgress();
    showError(this.error, error, PAINTER);
    this.showPicture(state === 'COMPLETED' ? imageUrl : null, ended ? null : this.job?.previewUrl);
    this.again.hidden = !ended;
    this.hideCancel(ended || !this.jobId);
    if (state !== this.said) {
      this.said = state;
      document.dispatchEvent(new Event('jobchange'));
      this.announce(`Scene ${this.number}: ${WORDS[state]}.`);
    }
  }

  showProgress() {
    const {value, max} = this.job?.progress ?? {};
    if (max) {
      this.progress.value = value / max;
    } else if ((this.job?.state ?? this.scene.state) === 'PENDING') {
      this.progress.value = 0;
    } else {
      this.progress.removeAttribute('value');
    }
  }

  showPicture(url, previewUrl) {
    const shown = url ?? previewUrl ?? null;
    if (shown && this.image.getAttribute('src') !== shown) {
      this.image.src = shown;
    }
    this.image.alt = url ? '' : `Preview of scene ${this.number}`; // the button has a name
    this.image.hidden = !shown;
    this.picture.disabled = !url;
    this.picture.setAttribute('aria-label', `Enlarge the picture of scene ${this.number}`);
    this.waiting.hidden = Boolean(url);
    this.download.hidden = !url;
    if (url) {
      this.download.href = url;
    }
  }

  /** Moves the focus before its button is hidden. */
  hideCancel(hidden) {
    const focused = document.activeElement === this.cancel;
    this.cancel.hidden = hidden;
    if (hidden && focused) {
      (this.again.hidden ? this.card : this.again).focus();
    }
  }

  describe() {
    const {state} = this.scene;
    if (isFinal(state)) {
      return WORDS[state];
    }
    if (this.stalled) {
      return `${PAINTER} does not respond`;
    }
    const {value, max} = this.job?.progress ?? {};
    if (max) {
      const left = this.job.remainingSeconds ? `, about ${this.job.remainingSeconds} s` : '';
      return `Painting, ${Math.round(100 * value / max)} %${left}`;
    }
    return this.job?.queuePosition ? `Waiting, number ${this.job.queuePosition} in the queue` : WORDS[this.job?.state ?? state];
  }
}
