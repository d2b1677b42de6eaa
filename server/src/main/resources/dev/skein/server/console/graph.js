// The picture of a workflow that the server lays out: marked with what a run did, moved, enlarged,
// searched, and folded where it is large.

import { query } from './api.js';
import { html, failure, nothing } from './view.js';

const SMALLEST = 0.01;
const LARGEST = 3;
const STEP = 1.2;
const MOVE = 40;
const CLICK = 4;
const SVG = 'http://www.w3.org/2000/svg';

// it is in graph.css, as the page takes no inline style
const STYLE = /<style>[^<]*<\/style>/;

export class Graph {
  picture = null;
  error = null;
  scale = 1;
  x = 0;
  y = 0;
  words = '';
  matches = [];
  at = -1;
  tasks = [];
  chosen = null;

  /// @param choose is given the reference of the task that was clicked
  constructor(choose, draw = () => {}) {
    this.chosenIs = choose;
    this.draw = draw;
  }

  async load(path) {
    if (this.path === path) {
      return;
    }
    this.path = path;
    this.depth = 'fit';
    this.open = new Set();
    this.folded = new Set();
    this.fitted = false;
    await this.fetch();
  }

  async fetch() {
    try {
      const asked = new URLSearchParams(query({ depth: this.depth }));
      this.open.forEach(it => asked.append('open', it));
      this.folded.forEach(it => asked.append('folded', it));
      const answer = await fetch(this.path + '?' + asked);
      if (!answer.ok) {
        throw new Error((await answer.json()).detail);
      }
      this.take((await answer.text()).replace(STYLE, ''));
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  take(text) {
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    this.picture = document.importNode(read.documentElement, true);
    this.picture.removeAttribute('role'); // as there are buttons in it
    this.picture.addEventListener('click', event => this.clicked(event));
    for (const box of this.picture.querySelectorAll('.group, .folded:not(.badge)')) {
      box.append(this.handle(box));
    }
    this.mark(this.tasks);
    this.choose(this.chosen);
    this.showMatches();
    if (this.fitted) {
      this.place();
    }
  }

  /// What folds and unfolds, at the corner of the frame.
  handle(box) {
    const frame = box.querySelector(':scope > .frame');
    const [x, y] = [frame.x.baseVal.value + frame.width.baseVal.value, frame.y.baseVal.value];
    const open = box.classList.contains('group');
    const name = box.querySelector(':scope > .name')?.textContent ?? '';
    const handle = element('g', { class: 'handle', tabindex: 0, role: 'button', 'aria-expanded': open, 'aria-label': `${open ? 'Fold' : 'Unfold'} ${name}` });
    handle.append(element('circle', { cx: x - 2, cy: y + 2, r: 9 }), element('path', { d: `M${x - 6} ${y + 2}h8` + (open ? '' : `M${x - 2} ${y - 2}v8`) }));
    handle.addEventListener('click', event => {
      event.stopPropagation();
      this.fold(box, open);
    });
    handle.addEventListener('keydown', event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        this.fold(box, open);
      }
    });
    return handle;
  }

  /// What is folded or unfolded stays where it is on the screen.
  async fold(box, close) {
    const id = box.id;
    const before = box.querySelector(':scope > .frame').getBBox();
    if (close) {
      [...this.open].filter(it => it === id || it.startsWith(id + '/')).forEach(it => this.open.delete(it));
      this.folded.add(id);
    } else {
      this.folded.delete(id);
      this.open.add(id);
    }
    await this.fetch();
    const after = this.box(id)?.querySelector(':scope > .frame').getBBox();
    if (after) {
      this.x += (before.x - after.x) * this.scale;
      this.y += (before.y - after.y) * this.scale;
      this.place();
      this.box(id).querySelector(':scope > .handle')?.focus({ preventScroll: true });
    }
  }

  async foldTo(depth) {
    this.depth = depth;
    this.open.clear();
    this.folded.clear();
    this.fitted = false;
    await this.fetch();
  }

  box(id) {
    return this.picture.querySelector(`[id="${CSS.escape(id)}"]`);
  }

  clicked(event) {
    const task = event.target.closest('[data-reference]');
    if (task && !this.moved) {
      this.chosenIs(task.dataset.reference);
    }
  }

  /// Shows how the last execution of each task went.
  mark(tasks) {
    this.tasks = tasks;
    if (!this.picture) {
      return;
    }
    const last = new Map(tasks.map(task => [task.reference, task.status]));
    for (const box of this.picture.querySelectorAll('[data-reference]')) {
      const status = last.get(box.dataset.reference);
      box.setAttribute('data-status', status ?? '');
    }
    const edges = [...this.picture.querySelectorAll('.edge')];
    edges.forEach(edge => edge.classList.toggle('taken', taken(edge, edges, last)));
  }

  choose(reference) {
    this.chosen = reference;
    this.picture?.querySelectorAll('.chosen').forEach(it => it.classList.remove('chosen'));
    if (reference) {
      this.picture?.querySelector(`[data-reference="${CSS.escape(reference)}"]`)?.classList.add('chosen');
    }
  }

  // ---- what of it is seen

  host() {
    return this.picture?.parentElement;
  }

  /// As wide as the page has room, and no larger than life.
  fit() {
    const host = this.host();
    if (!host || this.fitted || host.clientWidth === 0) {
      return;
    }
    this.fitted = true;
    const width = this.picture.viewBox.baseVal.width;
    this.scale = Math.min(1, Math.max(SMALLEST, (host.clientWidth - 8) / width));
    this.x = Math.max(0, (host.clientWidth - width * this.scale) / 2);
    this.y = 0;
    this.place();
  }

  /// All of it at once.
  whole() {
    const host = this.host();
    const { width, height } = this.picture.viewBox.baseVal;
    this.scale = Math.min(1, Math.max(SMALLEST, Math.min((host.clientWidth - 8) / width, (host.clientHeight - 8) / height)));
    this.x = Math.max(0, (host.clientWidth - width * this.scale) / 2);
    this.y = Math.max(0, (host.clientHeight - height * this.scale) / 2);
    this.place();
  }

  place() {
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  }

  /// Around a point, which is the middle unless it is said.
  zoom(by, x = this.host().clientWidth / 2, y = this.host().clientHeight / 2) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * by));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.place();
  }

  /// With a modifier it enlarges; else it moves what does not fit, and the page behind its end.
  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, event.clientX - box.left, event.clientY - box.top);
      return;
    }
    const [dx, dy] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    const host = event.currentTarget;
    const { width, height } = this.picture.viewBox.baseVal;
    const x = held(this.x - dx, host.clientWidth, width * this.scale, this.x);
    const y = held(this.y - dy, host.clientHeight, height * this.scale, this.y);
    if (x !== this.x || y !== this.y) {
      event.preventDefault();
      [this.x, this.y] = [x, y];
      this.place();
    }
  }

  grab(event) {
    this.moved = false;
    if (event.button !== 0 || event.target.closest('.handle')) {
      return;
    }
    const host = event.currentTarget;
    const [x, y] = [event.clientX - this.x, event.clientY - this.y];
    const [fromX, fromY] = [event.clientX, event.clientY];
    const move = moved => {
      this.moved ||= Math.hypot(moved.clientX - fromX, moved.clientY - fromY) > CLICK;
      if (this.moved) {
        this.x = moved.clientX - x;
        this.y = moved.clientY - y;
        this.place();
      }
    };
    const drop = () => host.removeEventListener('pointermove', move);
    host.addEventListener('pointermove', move);
    host.addEventListener('pointerup', drop, { once: true });
    host.addEventListener('pointerleave', drop, { once: true });
  }

  key(event) {
    const by = { ArrowLeft: [MOVE, 0], ArrowRight: [-MOVE, 0], ArrowUp: [0, MOVE], ArrowDown: [0, -MOVE] }[event.key];
    const act = { '+': () => this.zoom(STEP), '=': () => this.zoom(STEP), '-': () => this.zoom(1 / STEP), 0: () => this.whole() }[event.key];
    if (by) {
      event.preventDefault();
      this.x += by[0];
      this.y += by[1];
      this.place();
    } else if (act && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      act();
    }
  }

  // ---- search

  /// Of what is shown by all that its boxes say, of what is folded by its name.
  find(words) {
    this.words = words.trim().toLowerCase();
    this.matches = [];
    this.at = -1;
    for (const box of this.words === '' ? [] : this.picture.querySelectorAll('[data-reference]')) {
      if (box.querySelector(':scope > title')?.textContent.toLowerCase().includes(this.words)) {
        this.matches.push(box.id);
      }
      for (const inside of (box.dataset.inside ?? '').split('\n')) {
        if (inside.slice(inside.lastIndexOf('/') + 1).toLowerCase().includes(this.words)) {
          this.matches.push(inside);
        }
      }
    }
    this.showMatches();
    const seen = this.matches.findIndex(id => this.box(id));
    if (seen >= 0) {
      this.at = seen;
      this.goTo(this.box(this.matches[seen]));
    }
    this.draw();
  }

  /// The next one, or the one before; opened up if it is folded.
  async next(by) {
    if (this.matches.length === 0) {
      return;
    }
    this.at = (this.at + by + this.matches.length) % this.matches.length;
    const id = this.matches[this.at];
    if (!this.box(id)) {
      [...this.folded].filter(it => id.startsWith(it + '/')).forEach(it => this.folded.delete(it));
      this.open.add(id);
      await this.fetch();
    }
    const box = this.box(id);
    if (box) {
      this.chosenIs(box.dataset.reference); // which may make the picture narrower
    }
    this.draw();
    if (box) {
      this.goTo(box);
    }
  }

  showMatches() {
    const matches = new Set(this.matches);
    for (const box of this.picture?.querySelectorAll('[data-reference]') ?? []) {
      const inside = (box.dataset.inside ?? '').split('\n').some(it => matches.has(it));
      box.classList.toggle('found', matches.has(box.id) || inside);
    }
  }

  goTo(found) {
    const host = this.host();
    if (!host) {
      return;
    }
    this.picture.querySelectorAll('.here').forEach(it => it.classList.remove('here'));
    found.classList.add('here');
    const box = (found.querySelector(':scope > .frame') ?? found).getBBox();
    this.scale = Math.max(this.scale, 0.8);
    this.x = host.clientWidth / 2 - (box.x + box.width / 2) * this.scale;
    this.y = host.clientHeight / 2 - (box.y + Math.min(box.height, 80) / 2) * this.scale;
    this.place();
  }

  searched(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.next(event.shiftKey ? -1 : 1);
    }
  }

  view() {
    requestAnimationFrame(() => this.fit());
    if (!this.picture) {
      return failure(this.error);
    }
    const folds = this.picture.querySelector('.handle') !== null;
    const found = this.matches.length ? `${this.at + 1} of ${this.matches.length}` : 'none';
    return html`${failure(this.error)}
      <div class="tools" role="toolbar" aria-label="Graph">
        <input type="search" placeholder="Find a task, Enter for the next" aria-label="Find a task" @input=${event => this.find(event.target.value)} @keydown=${event => this.searched(event)}>
        <span class="faint" role="status">${this.words ? found : nothing}</span>
        <span class="end">
          ${folds ? html`<button type="button" class="quiet" @click=${() => this.foldTo('0')}>Fold all</button>
            <button type="button" class="quiet" @click=${() => this.foldTo('')}>Unfold all</button>` : nothing}
          <button type="button" class="quiet" aria-label="Smaller" title="Smaller  −" @click=${() => this.zoom(1 / STEP)}>−</button>
          <button type="button" class="quiet" aria-label="Larger" title="Larger  +" @click=${() => this.zoom(STEP)}>+</button>
          <button type="button" class="quiet" title="All of it  0" @click=${() => this.whole()}>Fit</button>
        </span></div>
      <div class="canvas" tabindex="0" role="application" aria-label="Graph; arrows move it, plus and minus enlarge it, zero shows all of it"
        @wheel=${event => this.wheel(event)} @pointerdown=${event => this.grab(event)} @keydown=${event => this.key(event)}>${this.picture}</div>`;
  }
}

/// What is known is which tasks ran: an edge between two of them was taken if it is the way things go,
/// or if something failed before the way of an error.
function taken({ dataset: { from, to }, classList }, edges, last) {
  if (classList.contains('error')) {
    return last.has(to) && [...last].some(([reference, status]) => status === 'faulted' && reference.startsWith(from + '/try/'));
  }
  if (to.includes('#')) {
    return last.get(from) === 'completed' && edges.filter(it => it.dataset.from === from && !it.classList.contains('error')).length === 1;
  }
  return last.has(to) && (last.has(from) || from.endsWith('#entry'));
}

/// No further than to the edge of what does not fit.
function held(to, room, size, now) {
  if (size <= room) {
    return now;
  }
  return Math.max(Math.min(now, room - size), Math.min(Math.max(now, 0), to));
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
