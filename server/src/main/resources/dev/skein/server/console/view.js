// What pages are made of.

import { html, nothing } from './lib/lit-html.js';

export { html, svg, render, nothing } from './lib/lit-html.js';
export { repeat } from './lib/directives/repeat.js';

const MOST_SHOWN = 100_000;

export function status(name) {
  return html`<span class="chip ${name}">${name}</span>`;
}

/// How long, in the two largest units: 1.2 s, 3 m 20 s, 2 d 4 h.
export function span(millis) {
  if (millis === null || millis === undefined || Number.isNaN(millis)) {
    return '';
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  const seconds = millis / 1000;
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const units = [['d', 86_400], ['h', 3_600], ['m', 60], ['s', 1]];
  let left = Math.round(seconds);
  const parts = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0 && parts.length < 2) {
      parts.push(`${count} ${unit}`);
    }
    left -= count * size;
  }
  return parts.join(' ');
}

/// A moment as people say it, the whole of it as a tooltip.
export function ago(instant, now = Date.now()) {
  if (!instant) {
    return nothing;
  }
  const past = now - Date.parse(instant);
  const text = Math.abs(past) < 2_000 ? 'now' : past > 0 ? `${span(past)} ago` : `in ${span(-past)}`;
  return html`<time datetime=${instant} title=${instant}>${text}</time>`;
}

export function clock(instant) {
  return instant
    ? html`<time datetime=${instant} title=${instant}>${new Date(instant).toLocaleTimeString()}</time>`
    : nothing;
}

/// How long a run or task took, or has been going on.
export function took(one, now = Date.now()) {
  return span((one.endedAt ? Date.parse(one.endedAt) : now) - Date.parse(one.startedAt));
}

export const workflowName = it => `${it.namespace}/${it.name}:${it.version}`;

/// Data, in colors; what is very long is cut until asked for.
export function json(value) {
  if (value === undefined || value === null) {
    return html`<p class="faint">nothing</p>`;
  }
  const text = JSON.stringify(value, null, 2);
  const shown = text.length > MOST_SHOWN ? text.slice(0, MOST_SHOWN) + '\n…' : text;
  return html`<div class="code">
    <button class="copy" type="button" @click=${() => navigator.clipboard.writeText(text)}>Copy</button>
    <pre tabindex="0">${colored(shown)}</pre></div>`;
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function colored(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(at, match.index));
    const [whole, string, colon] = match;
    const kind = colon ? 'key' : string ? 'string' : /^[tfn]/.test(whole) ? 'word' : 'number';
    parts.push(html`<span class=${kind}>${string ?? whole}</span>${colon ?? ''}`);
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}

export function empty(title, hint) {
  return html`<div class="empty"><p>${title}</p>${hint ? html`<p class="faint">${hint}</p>` : nothing}</div>`;
}

export function failure(error) {
  return error
    ? html`<div class="failure" role="alert"><strong>${error.message}</strong>
        ${error.body?.requestId ? html`<span class="faint">request ${error.body.requestId}</span>` : nothing}</div>`
    : nothing;
}

export function heading(title, ...more) {
  return html`<header class="page"><h1 tabindex="-1">${title}</h1>${more}</header>`;
}

/// Sheets of a page, of which one is shown; the arrow keys go from one to the next.
///
/// @param names by their keys
/// @param show is given the key of the one to show
export function tabs(names, shown, show) {
  const all = Object.keys(names);
  const turn = event => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by) {
      const next = all[(all.indexOf(shown) + by + all.length) % all.length];
      show(next);
      document.getElementById('tab-' + next)?.focus();
    }
  };
  return html`<div class="tabs" role="tablist" aria-label="What to see" @keydown=${turn}>
    ${all.map(tab => html`<button type="button" role="tab" id=${'tab-' + tab} aria-selected=${tab === shown} aria-controls="sheet"
      tabindex=${tab === shown ? 0 : -1} @click=${() => show(tab)}>${names[tab]}</button>`)}</div>`;
}

/// A table whose rows are links: the whole row can be clicked, and Enter follows it.
///
/// @param columns `[title, class]`
/// @param rows `{key, href, cells}`
export function table(label, columns, rows) {
  return html`<div class="table" tabindex="0" role="region" aria-label=${label}><table>
    <thead><tr>${columns.map(([title, kind]) => html`<th scope="col" class=${kind ?? ''}>${title}</th>`)}</tr></thead>
    <tbody>${rows}</tbody></table></div>`;
}

export function go(event) {
  if (event.target.closest('a, button, input, select')) {
    return;
  }
  const link = event.currentTarget.querySelector('a');
  if (link && !getSelection().toString()) {
    link.click();
  }
}

/// Asks for something in a dialog.
///
/// @param body a template, drawn again when `draw` is called
/// @return what `close` was given, or undefined
export function ask(host, drawing) {
  return new Promise(resolve => {
    const dialog = document.createElement('dialog');
    host.append(dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.answer);
    });
    drawing(dialog, answer => {
      dialog.answer = answer;
      dialog.close();
    });
    dialog.showModal();
  });
}
