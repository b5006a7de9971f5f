/* StellarPay's checkout in a shop's page, version 1. No library, no cookie; asks nothing but the page that it shows. */
(() => {
  'use strict';
  const version = 1;
  const script = document.currentScript || [...document.scripts].find(one => /\/js\/v1(\.[0-9a-f]+)?\.js$/.test(one.src));
  if (!script || !script.src) return;
  const origin = new URL(script.src).origin;
  // A frame that does not answer in time is none: it is not let in here, or there is no net.
  const answersWithin = 4000, loadsWithin = 30000;

  const words = {
    en: ['Pay', 'Close', 'Payment'], de: ['Bezahlen', 'Schließen', 'Zahlung'], es: ['Pagar', 'Cerrar', 'Pago'],
    pt: ['Pagar', 'Fechar', 'Pagamento'], hi: ['भुगतान करें', 'बंद करें', 'भुगतान'], ar: ['ادفع', 'إغلاق', 'الدفع'],
  };
  const languageOf = node => {
    const named = node.closest('[lang]');
    const language = named ? named.lang.slice(0, 2).toLowerCase() : '';
    return words[language] ? language : null;
  };

  const style = `
a.stellarpay-button { background: #0b57d0; border: 0; border-radius: .5rem; box-sizing: border-box; color: #fff; display: inline-block;
  font: 600 1rem/1.5 system-ui, sans-serif; min-height: 2.75rem; padding: .6rem 1.25rem; text-align: center; text-decoration: none; }
a.stellarpay-button:hover { filter: brightness(1.08); }
a.stellarpay-button:focus-visible { outline: 3px solid #0b57d0; outline-offset: 3px; }
dialog.stellarpay-checkout { background: #f5f6f8; border: 0; border-radius: .75rem; box-sizing: border-box; color: #16191d; flex-direction: column;
  height: min(46rem, calc(100dvh - 2rem)); margin: auto; max-height: none; max-width: none; overflow: hidden; padding: 0;
  width: min(32rem, calc(100vw - 2rem)); }
dialog.stellarpay-checkout[open] { display: flex; }
dialog.stellarpay-checkout::backdrop { background: rgb(0 0 0 / .6); }
dialog.stellarpay-checkout > button { align-self: flex-end; background: none; border: 0; border-radius: .5rem; color: inherit; cursor: pointer;
  flex: none; font: 600 1rem/1.5 system-ui, sans-serif; margin: .25rem; min-height: 2.75rem; min-width: 2.75rem; padding: .25rem .9rem; }
dialog.stellarpay-checkout > button:focus-visible { outline: 3px solid currentcolor; outline-offset: -3px; }
dialog.stellarpay-checkout > iframe { border: 0; color-scheme: light dark; flex: 1; min-height: 0; width: 100%; }
html:has(dialog.stellarpay-checkout[open]) { overflow: hidden; }
@media (max-width: 40rem), (max-height: 30rem) {
  dialog.stellarpay-checkout { border-radius: 0; height: 100dvh; width: 100vw; }
}
@media (prefers-color-scheme: dark) { dialog.stellarpay-checkout { background: #101215; color: #eceff3; } }
@media (prefers-reduced-motion: no-preference) {
  dialog.stellarpay-checkout[open] { animation: stellarpay-in .15s ease-out; }
  @keyframes stellarpay-in { from { opacity: 0; transform: translateY(1rem); } }
}`;

  // A sheet made by a script needs no 'unsafe-inline' of the shop's policy.
  const dress = () => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      return true;
    } catch {
      return false;
    }
  };

  // Where the checkout's own page is, and nowhere else.
  const addressOf = options => {
    const url = new URL(options.url || `/pay/${encodeURIComponent(options.link || '')}`, origin);
    if (url.origin !== origin || !/^\/(checkout|pay)\/[^/]+$/.test(url.pathname)) {
      throw new TypeError(`StellarPay: 'url' is a checkout_url or the url of a payment link at ${origin}, or 'link' is a payment link's slug.`);
    }
    return url;
  };

  const call = (heard, detail) => { if (typeof heard === 'function') heard(detail); };

  const define = () => {
    const works = dress() && typeof HTMLDialogElement === 'function' && typeof HTMLDialogElement.prototype.showModal === 'function';

    const open = (key, options = {}) => {
      const page = addressOf(options);
      const language = options.lang || languageOf(document.activeElement || document.documentElement);
      if (language) page.searchParams.set('lang', language);
      if (!works) {
        location.assign(page.href);
        return { close() {} };
      }

      const framed = new URL(page.href);
      framed.searchParams.set('embed', key);
      const [, close, title] = words[language] || words.en;
      const dialog = document.createElement('dialog'), button = document.createElement('button'), frame = document.createElement('iframe');
      const stands = { state: null, session: null, paid: false };
      let timer = 0;

      const hear = event => {
        const said = event.data;
        if (event.source !== frame.contentWindow || event.origin !== origin || !said || said.stellarpay !== version) return;
        clearTimeout(timer);
        if (said.state === 'close') {
          dialog.close();
          return;
        }
        stands.state = String(said.state);
        stands.session = said.session ? String(said.session) : null;
        if (!stands.paid && (stands.state === 'paid' || stands.state === 'overpaid')) {
          stands.paid = true;
          call(options.onPaid, { session: stands.session, state: stands.state });
        }
      };
      const leave = () => {
        dialog.close();
        location.assign(page.href);
      };

      dialog.className = 'stellarpay-checkout';
      dialog.setAttribute('aria-label', title);
      button.type = 'button';
      button.textContent = close;
      frame.title = title;
      frame.allow = 'clipboard-write';
      frame.referrerPolicy = 'no-referrer';
      frame.addEventListener('load', () => {
        clearTimeout(timer);
        timer = setTimeout(leave, answersWithin);
        frame.contentWindow.postMessage({ stellarpay: version }, origin);
      });
      button.addEventListener('click', () => dialog.close());
      dialog.addEventListener('close', () => {
        clearTimeout(timer);
        removeEventListener('message', hear);
        dialog.remove();
        call(options.onClose, { ...stands });
      }, { once: true });
      addEventListener('message', hear);
      timer = setTimeout(leave, loadsWithin);
      frame.src = framed.href;
      dialog.append(button, frame);
      document.body.append(dialog);
      dialog.showModal();
      return { close: () => dialog.close() };
    };

    window.StellarPay = key => {
      if (!/^pk_(test|live)_[0-9A-Za-z]+$/.test(key)) {
        throw new TypeError('StellarPay: a page has a publishable key, pk_…; one that begins with sk_ or rk_ is to be revoked now.');
      }
      return { checkout: options => open(key, options) };
    };
    window.StellarPay.version = version;

    document.addEventListener('click', event => {
      const link = event.target instanceof Element && event.target.closest('a.stellarpay-button');
      const key = link && (link.dataset.key || window.StellarPay.key);
      if (!key || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const tell = name => detail => link.dispatchEvent(new CustomEvent(`stellarpay:${name}`, { bubbles: true, detail }));
      try {
        window.StellarPay(key).checkout({ url: link.href, lang: languageOf(link), onPaid: tell('paid'), onClose: tell('close') });
        event.preventDefault();
      } catch (wrong) {
        // The link leads to the page by itself.
        console.error(wrong);
      }
    });
  };

  if (!window.StellarPay || window.StellarPay.version !== version) define();
  const { key, link, label } = script.dataset;
  if (key) window.StellarPay.key = key;
  if (link) {
    const button = document.createElement('a');
    button.className = 'stellarpay-button';
    button.href = new URL(`/pay/${encodeURIComponent(link)}`, origin).href;
    button.textContent = label || (words[languageOf(script)] || words.en)[0];
    if (key) button.dataset.key = key;
    script.after(button);
  }
})();
