// A page within a shop's page: tells it how the payment stands and of which session that is, nothing else. Whom it tells it knows by a first
// message, which must come from the page around it and from an origin that the shop's key lists.
(() => {
  'use strict';
  const version = 1;
  const page = () => document.getElementById('page');
  const listed = (page().dataset.framedBy || '').split(' ');
  let shop = null, told = null;

  const tell = state => {
    if (shop) parent.postMessage({ stellarpay: version, state, session: page().dataset.session || null }, shop);
  };

  const look = () => {
    const { state } = page().dataset;
    if (!shop || state === told) return;
    told = state;
    tell(state);
  };

  if (parent === window) return;
  addEventListener('message', event => {
    if (event.source !== parent || !listed.includes(event.origin) || !event.data || event.data.stellarpay !== version) return;
    shop = event.origin;
    told = null;
    look();
  });
  // The page is put in the place of the one before.
  new MutationObserver(look).observe(document.body, { childList: true });
  // Keys that are pressed here the shop's dialog does not hear.
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.defaultPrevented) tell('close');
  });
})();
