// From when to when, as a filter of a list: one of the usual spans up to now, or two moments.

import { html, nothing } from './view.js';

const PRESETS = [['15m', 'last 15 minutes', 15], ['1h', 'last hour', 60], ['24h', 'last 24 hours', 1_440], ['7d', 'last 7 days', 10_080], ['30d', 'last 30 days', 43_200]];
const OWN = 'own';

export class TimeSpan {
  /// @param search what the address of the page says
  constructor(search) {
    this.since = PRESETS.some(([name]) => name === search.get('since')) ? search.get('since') : '';
    this.from = moment(search.get('from'));
    this.to = moment(search.get('to'));
  }

  /// As the address of the page says it: what is up to now stays so when the page is opened again.
  written() {
    return { since: this.since, from: this.from, to: this.to };
  }

  /// As the API takes it.
  asked() {
    const preset = PRESETS.find(([name]) => name === this.since);
    if (preset) {
      const minute = Math.floor(Date.now() / 60_000) - preset[2];
      return { from: new Date(minute * 60_000).toISOString() };
    }
    return { ...(this.from && { from: this.from }), ...(this.to && { to: this.to }) };
  }

  /// @param change is told what is to be written in the address
  view(change) {
    const own = this.from || this.to;
    const chosen = event => {
      const since = event.target.value;
      const hourAgo = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000).toISOString();
      change(since === OWN ? { since: '', from: hourAgo, to: '' } : { since, from: '', to: '' });
    };
    return html`<select aria-label="When" @change=${chosen}>
        <option value="" .selected=${!this.since && !own}>at any time</option>
        ${PRESETS.map(([name, says]) => html`<option value=${name} .selected=${this.since === name}>${says}</option>`)}
        <option value=${OWN} .selected=${Boolean(own)}>from … to …</option>
      </select>
      ${own ? html`
        <label class="inline">from <input type="datetime-local" class="moment" .value=${local(this.from)} @change=${event => change({ since: '', from: instant(event.target.value) })}></label>
        <label class="inline">to <input type="datetime-local" class="moment" .value=${local(this.to)} @change=${event => change({ since: '', to: instant(event.target.value) })}></label>` : nothing}`;
  }
}

const moment = text => (text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : '');
const instant = text => (text ? new Date(text).toISOString() : '');

/// As the control has it: without a zone, in the reader's.
function local(instant) {
  if (!instant) {
    return '';
  }
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
