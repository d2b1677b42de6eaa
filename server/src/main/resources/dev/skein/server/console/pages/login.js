// Asks for a key before anything else is shown.

import { login, get } from '../api.js';
import { html, failure, heading } from '../view.js';

export class Login {
  title = 'Log in';
  error = null;
  ways = ['key'];

  /// @param entered hears who has logged in
  constructor(draw, entered) {
    this.draw = draw;
    this.entered = entered;
  }

  async open() {
    this.ways = (await get('/api/v1/session/ways')).ways;
    this.draw();
  }

  async submit(event) {
    event.preventDefault();
    try {
      this.entered(await login(event.target.elements.key.value.trim()));
    } catch (error) {
      this.error = error;
      this.draw();
    }
  }

  view() {
    return html`${heading('Log in')}${failure(this.error)}
      <form class="card" @submit=${event => this.submit(event)}>
        <label>Key<small class="faint">as <code>skein key create</code> has shown it</small>
          <input name="key" type="password" autocomplete="current-password" required autofocus></label>
        <menu>${this.ways.includes('oidc') ? html`<a href="/api/v1/session/oidc">Log in with your organization</a>` : ''}
          <button>Log in</button></menu></form>`;
  }
}
