// The tasks of a run over time.

import { html, nothing, span, took } from './view.js';
import { Rows } from './rows.js';

export class Timeline {
  tasks = [];
  chosen = null;

  /// @param choose is given the task that was clicked
  constructor(choose, draw) {
    this.chosenIs = choose;
    this.rows = new Rows('timeline', 'Tasks', (task, index, place) => this.row(task, place), draw);
  }

  show(run, tasks) {
    this.tasks = tasks;
    this.from = Date.parse(run.startedAt);
    this.end = run.endedAt ? Date.parse(run.endedAt) : null;
  }

  choose(task) {
    this.chosen = task;
  }

  view() {
    if (this.tasks.length === 0) {
      return html`<p class="empty">Nothing has begun yet.</p>`;
    }
    const whole = this.whole();
    return html`
      <div class="scale" aria-hidden="true">${[0, 0.25, 0.5, 0.75, 1].map(part => html`<span .style=${`left:${part * 100}%`}>${span(whole * part)}</span>`)}</div>
      ${this.rows.view(this.tasks)}`;
  }

  whole() {
    return Math.max(1, (this.end ?? Date.now()) - this.from);
  }

  /// What a task's time went by with: `[class, from, to, words]`.
  parts(task, whole) {
    const now = this.from + whole;
    const end = task.endedAt ? Date.parse(task.endedAt) : now;
    if (!task.history) {
      return [[task.status, Date.parse(task.startedAt), end, `${task.status}, ${took(task)}`]];
    }
    const parts = task.history.map(it => {
      const [from, to] = [Date.parse(it.startedAt), Math.min(now, Date.parse(it.endedAt))];
      const failed = it.error ? `failed: ${it.error.title ?? ''} ${it.error.detail ?? ''}` : '';
      const words = { queue: 'in line', wait: 'waits for the next attempt', attempt: failed || 'attempt' }[it.kind];
      return [it.kind === 'attempt' ? (it.error ? 'faulted' : 'completed') : it.kind, from, to, `${words}, ${span(to - from)}`];
    });
    if (!task.endedAt) {
      const last = parts.at(-1)[2];
      parts.push(['running', last, now, 'runs']);
    }
    return parts;
  }

  place(from, to, whole) {
    const left = Math.min(99.5, ((from - this.from) / whole) * 100);
    const width = Math.max(0.3, Math.min(100 - left, ((to - from) / whole) * 100));
    return `left:${left}%;width:${width}%`;
  }

  row(task, place) {
    const whole = this.whole();
    const depth = Math.max(0, (task.reference.match(/\/\d+\//g) ?? []).length - 1);
    const chosen = this.chosen && this.chosen.reference === task.reference && this.chosen.iteration === task.iteration;
    return html`<li class=${chosen ? 'chosen' : ''} .style=${place}>
      <button type="button" @click=${() => this.chosenIs(task)} .style=${`--depth:${depth}`}>
        <span class="what"><i class="dot ${task.status}" aria-hidden="true"></i>${task.name}${task.iteration ? html` <small>${task.iteration}</small>` : nothing}
          ${task.attempts > 1 ? html`<small class="tries">${task.attempts}×</small>` : nothing}<span class="hidden"> ${task.status}</span></span>
        <span class="lane">${this.parts(task, whole).map(([kind, from, to, said]) => html`<i class="bar ${kind}" title=${said}
          .style=${this.place(from, to, whole)}></i>`)}</span>
        <span class="took">${took(task)}</span>
      </button></li>`;
  }
}
