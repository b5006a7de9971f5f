// The official JS SDK against the sandbox; SANDBOX_URL says where that is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Account, Asset, AuthClawbackEnabledFlag, AuthRequiredFlag, AuthRevocableFlag, BASE_FEE, Claimant, Horizon, Keypair, Memo, Operation, TransactionBuilder,
} from '@stellar/stellar-sdk';

const url = process.env.SANDBOX_URL;
assert.ok(url, 'SANDBOX_URL must be set');
const server = new Horizon.Server(url, { allowHttp: true });
const { network_passphrase: networkPassphrase } = await (await fetch(url)).json();

async function fund() {
  const key = Keypair.random();
  await server.friendbot(key.publicKey()).call();
  return key;
}

async function submit(source, operations, { signers = [source], memo } = {}) {
  const account = await server.loadAccount(source.publicKey());
  const builder = new TransactionBuilder(account, { fee: BASE_FEE, networkPassphrase }).setTimeout(60);
  operations.forEach((operation) => builder.addOperation(operation));
  if (memo) builder.addMemo(memo);
  const transaction = builder.build();
  transaction.sign(...signers);
  return server.submitTransaction(transaction);
}

async function failure(promise) {
  const error = await promise.then(() => assert.fail('it succeeded'), (reason) => reason);
  // A submission's error carries the HTTP response, a query's the problem itself.
  const problem = error.response?.data ?? error.response;
  assert.ok(problem?.type, error.message);
  return problem;
}

const balanceOf = async (key, asset) => (await server.loadAccount(key.publicKey())).balances
  .find((balance) => asset.isNative()
    ? balance.asset_type === 'native'
    : balance.asset_code === asset.code && balance.asset_issuer === asset.issuer)?.balance;

test('friendbot creates an account, and refuses one that has enough', async () => {
  const key = await fund();
  assert.equal(await balanceOf(key, Asset.native()), '10000.0000000');
  const problem = await failure(server.friendbot(key.publicKey()).call());
  assert.equal(problem.status, 400);
  assert.equal(problem.detail, 'account already funded to starting balance');
});

test('an asset is trusted, issued, paid and found in history', async () => {
  const [issuer, payer, payee] = await Promise.all([fund(), fund(), fund()]);
  const usd = new Asset('USD', issuer.publicKey());
  await Promise.all([payer, payee].map((key) => submit(key, [Operation.changeTrust({ asset: usd })])));
  await submit(issuer, [Operation.payment({ destination: payer.publicKey(), asset: usd, amount: '100' })]);
  const paid = await submit(
    payer,
    [Operation.payment({ destination: payee.publicKey(), asset: usd, amount: '12.5' })],
    { memo: Memo.text('order 7') },
  );
  assert.equal(await balanceOf(payer, usd), '87.5000000');
  assert.equal(await balanceOf(payee, usd), '12.5000000');

  const transaction = await server.transactions().transaction(paid.hash).call();
  assert.equal(transaction.memo, 'order 7');
  assert.equal(transaction.successful, true);
  const [operation] = (await transaction.operations()).records;
  assert.equal(operation.type, 'payment');
  assert.equal(operation.amount, '12.5000000');
  const effects = (await operation.effects()).records;
  assert.deepEqual(effects.map((effect) => effect.type), ['account_credited', 'account_debited']);

  const payments = await server.payments().forAccount(payee.publicKey()).order('desc').limit(1).join('transactions').call();
  assert.equal(payments.records[0].from, payer.publicKey());
  assert.equal(payments.records[0].transaction_attr.memo, 'order 7');
  const holders = await server.accounts().forAsset(usd).call();
  assert.deepEqual(holders.records.map((account) => account.id).sort(), [payer, payee].map((key) => key.publicKey()).sort());
  const [statistics] = (await server.assets().forIssuer(issuer.publicKey()).call()).records;
  assert.equal(statistics.balances.authorized, '100.0000000');
});

test('payments stream as they happen, and from a cursor', async () => {
  const [payer, payee] = await Promise.all([fund(), fund()]);
  const seen = [];
  const done = new Promise((resolve, reject) => {
    const close = server.payments().forAccount(payee.publicKey()).cursor('0').stream({
      onmessage: (payment) => {
        seen.push(payment);
        if (seen.length === 3) {
          close();
          resolve();
        }
      },
      onerror: (error) => { if (error.status) reject(error); },
    });
  });
  for (const amount of ['1', '2']) {
    await submit(payer, [Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount })]);
  }
  await done;
  assert.deepEqual(seen.map((payment) => payment.type), ['create_account', 'payment', 'payment']);
  assert.deepEqual(seen.slice(1).map((payment) => payment.amount), ['1.0000000', '2.0000000']);
});

test('pages go forth and back', async () => {
  const key = await fund();
  for (let i = 1; i <= 3; i += 1) {
    await submit(key, [1, 2].map((part) => Operation.manageData({ name: `entry ${i}.${part}`, value: `${i}` })));
  }
  const first = await server.operations().forAccount(key.publicKey()).limit(4).call();
  const second = await first.next();
  assert.equal(first.records.length, 4);
  assert.equal(second.records.length, 3);
  const back = await second.prev();
  assert.deepEqual(back.records.map((record) => record.id), first.records.map((record) => record.id).reverse());
  const account = await server.loadAccount(key.publicKey());
  assert.equal(Buffer.from((await account.data({ key: 'entry 3.2' })).value, 'base64').toString(), '3');
});

test('offers cross, and paths are found and paid', async () => {
  const [issuer, maker, taker, target] = await Promise.all([fund(), fund(), fund(), fund()]);
  const eur = new Asset('EUR', issuer.publicKey());
  await Promise.all([maker, taker, target].map((key) => submit(key, [Operation.changeTrust({ asset: eur })])));
  await submit(issuer, [Operation.payment({ destination: maker.publicKey(), asset: eur, amount: '1000' })]);
  await submit(maker, [Operation.manageSellOffer({ selling: eur, buying: Asset.native(), amount: '100', price: '2' })]);

  const book = await server.orderbook(eur, Asset.native()).call();
  assert.deepEqual(book.asks.map((level) => [level.price, level.amount]), [['2.0000000', '100.0000000']]);
  const bought = await submit(taker, [
    Operation.manageBuyOffer({ selling: Asset.native(), buying: eur, buyAmount: '10', price: '2' }),
  ]);
  assert.equal(bought.offerResults[0].effect, 'manageOfferDeleted');
  assert.equal(bought.offerResults[0].offersClaimed[0].amountSold, '10');
  const [trade] = (await server.trades().forAccount(taker.publicKey()).call()).records;
  assert.equal(trade.base_account, taker.publicKey());
  assert.equal(trade.counter_amount, '10.0000000');
  const [offer] = (await server.offers().seller(maker.publicKey()).call()).records;
  assert.equal(offer.amount, '90.0000000');

  const [path] = (await server.strictReceivePaths([Asset.native()], eur, '5').call()).records;
  assert.equal(path.source_amount, '10.0000000');
  const [sending] = (await server.strictSendPaths(Asset.native(), '10', [eur]).call()).records;
  assert.equal(sending.destination_amount, '5.0000000');
  await submit(taker, [Operation.pathPaymentStrictReceive({
    sendAsset: Asset.native(), sendMax: '10', destination: target.publicKey(), destAsset: eur, destAmount: '5',
  })]);
  assert.equal(await balanceOf(target, eur), '5.0000000');
});

test('claimable balances are made, listed and claimed', async () => {
  const [sender, receiver] = await Promise.all([fund(), fund()]);
  await submit(sender, [Operation.createClaimableBalance({
    asset: Asset.native(),
    amount: '25',
    claimants: [
      new Claimant(receiver.publicKey()),
      new Claimant(sender.publicKey(), Claimant.predicateNot(Claimant.predicateBeforeRelativeTime('3600'))),
    ],
  })]);
  const [balance] = (await server.claimableBalances().claimant(receiver.publicKey()).call()).records;
  assert.equal(balance.amount, '25.0000000');
  const early = await failure(submit(sender, [Operation.claimClaimableBalance({ balanceId: balance.id })]));
  assert.deepEqual(early.extras.result_codes, { transaction: 'tx_failed', operations: ['op_cannot_claim'] });
  await submit(receiver, [Operation.claimClaimableBalance({ balanceId: balance.id })]);
  const gone = await failure(server.claimableBalances().claimableBalance(balance.id).call());
  assert.equal(gone.status, 404);
});

test('a sponsor creates an account without lumens, and pays its fees', async () => {
  const sponsor = await fund();
  const user = Keypair.random();
  await submit(sponsor, [
    Operation.beginSponsoringFutureReserves({ sponsoredId: user.publicKey() }),
    Operation.createAccount({ destination: user.publicKey(), startingBalance: '0' }),
    Operation.endSponsoringFutureReserves({ source: user.publicKey() }),
  ], { signers: [sponsor, user] });
  const account = await server.loadAccount(user.publicKey());
  assert.equal(account.sponsor, sponsor.publicKey());
  assert.equal((await server.accounts().sponsor(sponsor.publicKey()).call()).records[0].id, user.publicKey());

  const inner = new TransactionBuilder(account, { fee: BASE_FEE, networkPassphrase })
    .addOperation(Operation.bumpSequence({ bumpTo: '0' })).setTimeout(60).build();
  inner.sign(user);
  const bump = TransactionBuilder.buildFeeBumpTransaction(sponsor, '200', inner, networkPassphrase);
  bump.sign(sponsor);
  const bumped = await server.submitTransaction(bump);
  assert.equal(bumped.fee_account, sponsor.publicKey());
  assert.equal(bumped.inner_transaction.hash, inner.hash().toString('hex'));
  const found = await server.transactions().transaction(inner.hash().toString('hex')).call();
  assert.equal(found.ledger_attr, bumped.ledger);
});

test('two signers are needed where the account says so', async () => {
  const [key, second] = [await fund(), Keypair.random()];
  await submit(key, [Operation.setOptions({
    signer: { ed25519PublicKey: second.publicKey(), weight: 1 }, medThreshold: 2, highThreshold: 2, lowThreshold: 1,
  })]);
  const pay = () => [Operation.payment({ destination: key.publicKey(), asset: Asset.native(), amount: '1' })];
  const alone = await failure(submit(key, pay()));
  assert.deepEqual(alone.extras.result_codes, { transaction: 'tx_failed', operations: ['op_bad_auth'] });
  await submit(key, pay(), { signers: [key, second] });
  assert.equal((await server.accounts().forSigner(second.publicKey()).call()).records[0].id, key.publicKey());
});

test('failures carry the codes that a payment backend acts on', async () => {
  const [payer, issuer, stranger] = [await fund(), await fund(), Keypair.random()];
  const usd = new Asset('USD', issuer.publicKey());
  const pay = (destination, asset, amount) => submit(payer, [Operation.payment({ destination, asset, amount })]);
  const codes = async (promise) => (await failure(promise)).extras.result_codes;

  assert.deepEqual(await codes(pay(stranger.publicKey(), Asset.native(), '1')),
    { transaction: 'tx_failed', operations: ['op_no_destination'] });
  assert.deepEqual(await codes(pay(issuer.publicKey(), Asset.native(), '99999')),
    { transaction: 'tx_failed', operations: ['op_underfunded'] });
  assert.deepEqual(await codes(pay(issuer.publicKey(), usd, '1')),
    { transaction: 'tx_failed', operations: ['op_src_no_trust'] });
  await submit(payer, [Operation.changeTrust({ asset: usd, limit: '10' })]);
  const issue = (amount) => submit(issuer, [Operation.payment({ destination: payer.publicKey(), asset: usd, amount })]);
  assert.deepEqual(await codes(issue('11')), { transaction: 'tx_failed', operations: ['op_line_full'] });

  const account = await server.loadAccount(payer.publicKey());
  const build = (options) => new TransactionBuilder(account, { fee: BASE_FEE, networkPassphrase, ...options })
    .addOperation(Operation.bumpSequence({ bumpTo: '0' }));
  const send = (transaction, signer = payer) => {
    transaction.sign(signer);
    return server.submitTransaction(transaction);
  };
  const late = build({ timebounds: { minTime: 0, maxTime: 1 } }).build();
  assert.deepEqual(await codes(send(late)), { transaction: 'tx_too_late' });
  account.incrementSequenceNumber();
  assert.deepEqual(await codes(send(build().setTimeout(60).build())), { transaction: 'tx_bad_seq' });
  const unsigned = await server.loadAccount(payer.publicKey());
  const wrong = new TransactionBuilder(unsigned, { fee: BASE_FEE, networkPassphrase })
    .addOperation(Operation.bumpSequence({ bumpTo: '0' })).setTimeout(60).build();
  assert.deepEqual(await codes(send(wrong, issuer)), { transaction: 'tx_bad_auth' });
});

test('refusals before a ledger carry their codes too', async () => {
  const [payer, other] = [await fund(), await fund()];
  const noop = Operation.bumpSequence({ bumpTo: '0' });
  const send = async (key, { fee = BASE_FEE, operations = [noop], sign = [payer], change } = {}) => {
    const account = key ? await server.loadAccount(key.publicKey()) : new Account(Keypair.random().publicKey(), '1');
    const builder = new TransactionBuilder(account, { fee, networkPassphrase }).setTimeout(60);
    operations.forEach((operation) => builder.addOperation(operation));
    if (change) change(builder);
    const transaction = builder.build();
    transaction.sign(...sign);
    return (await failure(server.submitTransaction(transaction))).extras.result_codes;
  };
  assert.deepEqual(await send(payer, { fee: '99' }), { transaction: 'tx_insufficient_fee' });
  const poor = Keypair.random();
  await submit(payer, [Operation.createAccount({ destination: poor.publicKey(), startingBalance: '1' })]);
  assert.deepEqual(await send(poor, { sign: [poor] }), { transaction: 'tx_insufficient_balance' });
  assert.deepEqual(await send(null), { transaction: 'tx_no_source_account' });
  assert.deepEqual(await send(payer, { sign: [payer, other] }), { transaction: 'tx_bad_auth_extra' });
  assert.deepEqual(
    await send(payer, { change: (builder) => builder.setMinAccountSequenceLedgerGap(1000) }),
    { transaction: 'tx_bad_minseq_age_or_gap' },
  );
  assert.deepEqual(
    await send(payer, { operations: [Operation.payment({ destination: other.publicKey(), asset: Asset.native(), amount: '1', source: other.publicKey() })] }),
    { transaction: 'tx_failed', operations: ['op_bad_auth'] },
  );
  assert.deepEqual(
    await send(payer, { operations: [Operation.beginSponsoringFutureReserves({ sponsoredId: other.publicKey() })] }),
    { transaction: 'tx_bad_sponsorship' },
  );
});

test('an issuer that controls its asset authorizes, revokes and claws back', async () => {
  const [issuer, holder, friend] = await Promise.all([fund(), fund(), fund()]);
  const usd = new Asset('USD', issuer.publicKey());
  const codes = async (promise) => (await failure(promise)).extras.result_codes.operations;
  await submit(issuer, [Operation.setOptions({
    setFlags: AuthRequiredFlag | AuthRevocableFlag | AuthClawbackEnabledFlag, homeDomain: 'example.org',
  })]);
  await submit(holder, [Operation.changeTrust({ asset: usd })]);
  const pay = (amount) => [Operation.payment({ destination: holder.publicKey(), asset: usd, amount })];
  assert.deepEqual(await codes(submit(issuer, pay('5'))), ['op_not_authorized']);
  const allow = (authorized) => [Operation.setTrustLineFlags({
    trustor: holder.publicKey(), asset: usd, flags: { authorized },
  })];
  await submit(issuer, [...allow(true), ...pay('5')]);
  const trust = (await server.loadAccount(holder.publicKey())).balances[0];
  assert.deepEqual([trust.is_authorized, trust.is_clawback_enabled], [true, true]);
  assert.deepEqual(await codes(submit(holder, [Operation.payment({
    destination: friend.publicKey(), asset: usd, amount: '1',
  })])), ['op_no_trust']);

  await submit(issuer, [Operation.clawback({ asset: usd, from: holder.publicKey(), amount: '2' })]);
  assert.equal(await balanceOf(holder, usd), '3.0000000');
  await submit(issuer, allow(false));
  assert.deepEqual(await codes(submit(holder, [Operation.payment({
    destination: issuer.publicKey(), asset: usd, amount: '1',
  })])), ['op_src_not_authorized']);
  const effects = (await server.effects().forAccount(issuer.publicKey()).limit(200).call()).records;
  assert.ok(effects.some((effect) => effect.type === 'trustline_flags_updated' && effect.trustor === holder.publicKey()));
  assert.ok(effects.some((effect) => effect.type === 'account_flags_updated' && effect.auth_required_flag));
});

test('a sponsorship is passed on and given up, and an account is merged', async () => {
  const [first, second, user] = await Promise.all([fund(), fund(), fund()]);
  await submit(first, [
    Operation.beginSponsoringFutureReserves({ sponsoredId: user.publicKey() }),
    Operation.manageData({ name: 'kept', value: 'yes', source: user.publicKey() }),
    Operation.endSponsoringFutureReserves({ source: user.publicKey() }),
  ], { signers: [first, user] });
  assert.equal((await server.loadAccount(first.publicKey())).num_sponsoring, 1);
  const merging = await failure(submit(first, [Operation.accountMerge({ destination: second.publicKey() })]));
  assert.deepEqual(merging.extras.result_codes.operations, ['op_is_sponsor']);

  await submit(first, [
    Operation.beginSponsoringFutureReserves({ sponsoredId: first.publicKey(), source: second.publicKey() }),
    Operation.revokeDataSponsorship({ account: user.publicKey(), name: 'kept' }),
    Operation.endSponsoringFutureReserves({}),
  ], { signers: [first, second] });
  const [passed] = (await server.effects().forAccount(user.publicKey()).order('desc').limit(50).call()).records
    .concat((await server.effects().forAccount(first.publicKey()).order('desc').limit(50).call()).records)
    .filter((effect) => effect.type === 'data_sponsorship_updated');
  assert.deepEqual([passed.former_sponsor, passed.new_sponsor], [first.publicKey(), second.publicKey()]);
  await submit(second, [Operation.revokeDataSponsorship({ account: user.publicKey(), name: 'kept' })]);
  assert.equal((await server.loadAccount(second.publicKey())).num_sponsoring, 0);

  const merged = await submit(first, [Operation.accountMerge({ destination: second.publicKey() })]);
  const [operation] = (await server.payments().forTransaction(merged.hash).call()).records;
  assert.deepEqual([operation.type, operation.into], ['account_merge', second.publicKey()]);
  assert.equal((await failure(server.loadAccount(first.publicKey()))).status, 404);
});

test('a path that is not there, too dear or too thin fails with its own code', async () => {
  const [issuer, payer, payee] = await Promise.all([fund(), fund(), fund()]);
  const eur = new Asset('EUR', issuer.publicKey());
  await submit(payee, [Operation.changeTrust({ asset: eur })]);
  const path = (sendMax, destAmount) => submit(payer, [Operation.pathPaymentStrictReceive({
    sendAsset: Asset.native(), sendMax, destination: payee.publicKey(), destAsset: eur, destAmount,
  })]);
  const codes = async (promise) => (await failure(promise)).extras.result_codes.operations;
  assert.deepEqual(await codes(path('10', '1')), ['op_too_few_offers']);
  await submit(issuer, [Operation.manageSellOffer({ selling: eur, buying: Asset.native(), amount: '5', price: '2' })]);
  assert.deepEqual(await codes(path('1', '1')), ['op_over_source_max']);
  assert.deepEqual(await codes(submit(payer, [Operation.pathPaymentStrictSend({
    sendAsset: Asset.native(), sendAmount: '2', destination: payee.publicKey(), destAsset: eur, destMin: '1.5',
  })])), ['op_under_dest_min']);
  assert.deepEqual(await codes(submit(payer, [Operation.createAccount({
    destination: payee.publicKey(), startingBalance: '5',
  })])), ['op_already_exists']);
  assert.deepEqual(await codes(submit(payer, [Operation.createAccount({
    destination: Keypair.random().publicKey(), startingBalance: '0.5',
  })])), ['op_low_reserve']);
  assert.deepEqual(await codes(submit(payer, [Operation.changeTrust({
    asset: new Asset('EUR', Keypair.random().publicKey()),
  })])), ['op_no_issuer']);
  await path('2', '1');
  assert.equal(await balanceOf(payee, eur), '1.0000000');
});

test('a transaction can be submitted without waiting', async () => {
  const key = await fund();
  const account = await server.loadAccount(key.publicKey());
  const transaction = new TransactionBuilder(account, { fee: BASE_FEE, networkPassphrase })
    .addOperation(Operation.bumpSequence({ bumpTo: '0' })).setTimeout(60).build();
  transaction.sign(key);
  const answer = await server.submitAsyncTransaction(transaction);
  assert.equal(answer.tx_status, 'PENDING');
  assert.equal(answer.hash, transaction.hash().toString('hex'));
});

test('the root and fee statistics are as the SDK reads them', async () => {
  const root = await server.root();
  assert.equal(root.network_passphrase, networkPassphrase);
  assert.equal(typeof root.history_latest_ledger, 'number');
  assert.equal(await server.fetchBaseFee(), 100);
  const { records: [latest] } = await server.ledgers().order('desc').limit(1).call();
  assert.ok(latest.sequence >= root.history_latest_ledger);
  assert.equal((await server.ledgers().ledger(latest.sequence).call()).hash, latest.hash);
});
