import {ApiError, stream} from './api.js';
import {showError} from './errors.js';

const form = document.getElementById('chat-form');
const log = document.getElementById('chat-log');
const errorLine = document.getElementById('chat-error');

/** The conversation so far; a question stays in it only if the model answered it. */
let messages = [];

/** Set while an answer arrives. */
let running = null;

export function startChat() {
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (running) {
      running.abort();
    } else {
      ask(form.text.value);
    }
  });
}

async function ask(text) {
  const button = form.querySelector('button');
  showError(errorLine, null);
  running = new AbortController();
  button.textContent = 'Stop';
  const question = bubble('user', text);
  const answer = bubble('assistant', '');
  const asked = [...messages, {role: 'user', text}];
  let note = 'stopped';
  try {
    await stream('chat/stream', {messages: asked}, running.signal, (name, data) => {
      if (name === 'delta') {
        answer.append(data.text);
        log.scrollTop = log.scrollHeight;
      } else if (name === 'done') {
        note = describe(data);
      } else if (name === 'error') {
        throw new ApiError(data.category, data.message, data.details);
      }
    });
  } catch (error) {
    if (!running.signal.aborted) {
      question.remove();
      answer.remove();
      showError(errorLine, error, 'the language model');
      return;
    }
  } finally {
    running = null;
    button.textContent = 'Send';
    form.text.focus();
  }
  if (!answer.textContent) { // stopped before the first word: drop the question
    question.remove();
    answer.remove();
    return;
  }
  messages = [...asked, {role: 'assistant', text: answer.textContent}];
  addNote(answer, note);
  form.reset();
}

function describe({model, usage, finishReason, answeredBy}) {
  const parts = [model];
  if (usage.outputTokens !== null) {
    parts.push(`${usage.outputTokens} tokens`);
  }
  if (answeredBy) {
    parts.push(`answered by ${answeredBy.target}` + (answeredBy.tries > 1 ? ` after ${answeredBy.tries} tries` : ''));
    if (answeredBy.cost !== null) {
      parts.push(`${answeredBy.cost} ${answeredBy.currency}`);
    }
  }
  if (finishReason === 'LENGTH') {
    parts.push('cut off at the output limit');
  }
  return parts.join(' · ');
}

function bubble(role, text) {
  const element = document.createElement('div');
  element.className = `bubble ${role}`;
  element.dir = 'auto';
  element.textContent = text;
  log.append(element);
  log.scrollTop = log.scrollHeight;
  return element;
}

function addNote(element, note) {
  const small = document.createElement('small');
  small.textContent = note;
  element.append(small);
  log.scrollTop = log.scrollHeight;
}
