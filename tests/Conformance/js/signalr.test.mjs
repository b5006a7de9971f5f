// The official SignalR client against the front door: FRONTDOOR_URL and SANDBOX_URL say where they are, PEOPLE who takes part.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const door = process.env.FRONTDOOR_URL;
const sandbox = process.env.SANDBOX_URL;
assert.ok(door && sandbox, 'FRONTDOOR_URL and SANDBOX_URL must be set');
const deadline = 60_000;

async function call(method, path, { token, body, key, base = door } = {}) {
  const headers = {
    ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }), ...(key && { 'Idempotency-Key': key }),
  };
  const response = await fetch(new URL(path, base), { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

// Who has signed up and confirmed his address; whoever starts this reads the codes.
const people = JSON.parse(process.env.PEOPLE);

// A client, what it has received, and a way to wait for more.
async function listen(token, options = {}) {
  const connection = new HubConnectionBuilder()
    .withUrl(new URL('/hubs/live', door).href, { accessTokenFactory: () => token, ...options })
    .configureLogging(LogLevel.None)
    .build();
  const received = [];
  const waiting = new Set();
  for (const method of ['state', 'balance', 'payment']) {
    connection.on(method, (body) => {
      received.push({ method, body });
      waiting.forEach((look) => look());
    });
  }
  await connection.start();
  const until = (what, fits) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`no ${what}; received ${JSON.stringify(received)}`));
    }, deadline);
    const look = () => {
      const found = received.find(fits);
      if (found) {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found.body);
      }
    };
    waiting.add(look);
    look();
  });
  return { connection, received, until };
}

const walletOf = ({ method, body }) => ({ state: body.wallet, balance: body })[method];
const usdcOf = (wallet) => wallet?.balances.find((balance) => balance.asset === 'USDC')?.balance;

async function hold(person, client, amount) {
  const { wallet } = await client.until('active wallet', (m) => walletOf(m)?.status === 'active')
    .then((body) => ({ wallet: body.wallet ?? body }));
  await call('POST', '/admin/issue', { base: sandbox, body: { account: wallet.address, asset: 'USDC', amount } });
  await client.until(`${amount} USDC`, (m) => usdcOf(walletOf(m)) === `${amount}.0000000`);
}

test('balances and payments are pushed to their owners', async () => {
  const { payer, payee } = people;
  const paying = await listen(payer.token);
  const paid = await listen(payee.token, { skipNegotiation: true, transport: HttpTransportType.WebSockets });
  try {
    await hold(payer, paying, '100');
    await paid.until('active wallet', (m) => walletOf(m)?.status === 'active');

    const payment = await call('POST', '/v1/payments', {
      token: payer.token, key: crypto.randomUUID(), body: { recipient: payee.email, asset: 'USDC', amount: '12.50', confirm: true },
    });
    await paying.until('succeeded payment', (m) =>
      m.method === 'payment' && m.body.id === payment.id && m.body.status === 'succeeded');
    await paying.until('87.50 USDC', (m) => usdcOf(walletOf(m)) === '87.5000000');
    await paid.until('12.50 USDC', (m) => usdcOf(walletOf(m)) === '12.5000000');

    for (const { received } of [paying, paid]) {
      assert.equal(received[0].method, 'state');
      const revisions = received.map(({ method, body }) => (method === 'state' ? body.wallet.revision : body.revision));
      assert.deepEqual(revisions, [...revisions].sort((a, b) => a - b), 'revisions rise');
    }
    assert.ok(paid.received.every(({ method }) => method !== 'payment'), 'the payment is its payer\'s');
  } finally {
    await Promise.all([paying.connection.stop(), paid.connection.stop()]);
  }
});

test('a client that connects again gets the present state first', async () => {
  const { someone } = people;
  const first = await listen(someone.token);
  await hold(someone, first, '5');
  await first.connection.stop();

  const again = await listen(someone.token);
  const state = await again.until('state', ({ method }) => method === 'state');
  assert.equal(usdcOf(state.wallet), '5.0000000');
  await again.connection.stop();
});

test('nobody connects without a valid token', async () => {
  await assert.rejects(listen('nonsense'), /401/);
});
