// Acts on all runs that a filter fits: says how many first.

import { get, post, url } from '../api.js';
import { html, nothing, render, failure } from '../view.js';

const ACTIONS = { cancel: 'Cancel', suspend: 'Suspend', resume: 'Resume', retry: 'Retry' };

export class Bulk {
  action = 'cancel';
  reason = '';
  count = null;
  job = null;
  error = null;

  /// @param filter as the API takes it, of `POST /runs/bulk`
  constructor(filter, dialog, close) {
    this.filter = filter;
    this.dialog = dialog;
    this.close = close;
    this.ask(true);
  }

  async ask(dryRun) {
    try {
      const answer = await post('/api/v1/runs/bulk', { filter: this.filter, action: this.action, dryRun, reason: this.reason || undefined });
      if (dryRun) {
        this.count = answer.matched;
      } else {
        this.job = answer;
        this.watch();
      }
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  async watch() {
    while (this.job.status !== 'done' && this.dialog.open) {
      await new Promise(resolve => setTimeout(resolve, 300));
      this.job = await get(url`/api/v1/bulk/${this.job.id}`);
      this.draw();
    }
  }

  async undo() {
    try {
      this.action = this.job.undo;
      this.job = await post(url`/api/v1/bulk/${this.job.id}/undo`, { reason: 'taken back: ' + this.reason });
      this.watch();
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }

  choose(action) {
    this.action = action;
    this.count = null;
    this.ask(true);
  }

  draw() {
    render(this.job ? this.progress() : this.form(), this.dialog);
  }

  form() {
    return html`<form @submit=${event => { event.preventDefault(); this.ask(false); }}>
      <h2>Act on all of these</h2>
      <label>Do what <select @change=${event => this.choose(event.target.value)}>
        ${Object.entries(ACTIONS).map(([value, name]) => html`<option value=${value} .selected=${value === this.action}>${name}</option>`)}
      </select></label>
      <label>Because <input .value=${this.reason} @input=${event => { this.reason = event.target.value; }} required placeholder="kept in the audit"></label>
      ${failure(this.error)}
      <p class="count" aria-live="polite">${this.count === null ? 'counting…' : html`<strong>${this.count}</strong> runs`}</p>
      <menu><button type="button" class="quiet" @click=${() => this.close()}>Not now</button>
        <button class=${this.action === 'cancel' ? 'danger' : ''} ?disabled=${!this.count}>${ACTIONS[this.action]} ${this.count ?? ''}</button></menu>
    </form>`;
  }

  progress() {
    const { matched, done, refused, refusals, undo, status } = this.job;
    return html`<h2>${ACTIONS[this.action] ?? this.action}</h2>
      <progress max=${matched || 1} .value=${done + refused} aria-label="Progress"></progress>
      <p aria-live="polite">${done} of ${matched}${refused ? html`, ${refused} refused` : nothing}</p>
      ${failure(this.error)}
      <ul>${refusals.map(it => html`<li><span class="mono">${it.run}</span> <span class="faint">${it.message}</span></li>`)}</ul>
      <menu>${undo && status === 'done' && done ? html`<button type="button" class="quiet" @click=${() => this.undo()}>Undo: ${undo}</button>` : nothing}
        <button type="button" @click=${() => this.close()}>Close</button></menu>`;
  }
}
