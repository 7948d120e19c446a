/** A picture as large as the window. */

const dialog = document.getElementById('viewer');
const image = document.getElementById('viewer-image');
const download = document.getElementById('viewer-download');

document.getElementById('viewer-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', event => event.target === dialog && dialog.close()); // beside the content

export function showLarge(title, text, url) {
  document.getElementById('viewer-title').textContent = title;
  document.getElementById('viewer-text').textContent = text;
  image.src = url;
  image.alt = `Picture of ${title.toLowerCase()}`;
  download.href = url;
  dialog.showModal();
}
