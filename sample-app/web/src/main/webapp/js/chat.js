import {post, showError} from './api.js';

const form = document.getElementById('chat-form');
const log = document.getElementById('chat-log');
const errorLine = document.getElementById('chat-error');

/** The conversation so far; a question stays in it only if it was answered. */
let messages = [];

export function startChat() {
  form.addEventListener('submit', event => {
    event.preventDefault();
    ask(form.text.value);
  });
}

async function ask(text) {
  const button = form.querySelector('button');
  showError(errorLine, null);
  button.disabled = true;
  const question = bubble('user', text);
  const asked = [...messages, {role: 'user', text}];
  try {
    const answer = await post('chat', {messages: asked});
    messages = [...asked, {role: 'assistant', text: answer.text}];
    bubble('assistant', answer.text, describe(answer));
    form.reset();
  } catch (error) {
    question.remove();
    showError(errorLine, error);
  } finally {
    button.disabled = false;
    form.text.focus();
  }
}

function describe({model, usage, finishReason}) {
  const parts = [model];
  if (usage.outputTokens !== null) {
    parts.push(`${usage.outputTokens} tokens`);
  }
  if (finishReason === 'LENGTH') {
    parts.push('cut at the output limit');
  }
  return parts.join(' · ');
}

function bubble(role, text, note) {
  const element = document.createElement('div');
  element.className = `bubble ${role}`;
  element.textContent = text;
  if (note) {
    const small = document.createElement('small');
    small.textContent = note;
    element.append(small);
  }
  log.append(element);
  log.scrollTop = log.scrollHeight;
  return element;
}
