// Builds and signs with the official JS SDK what OURS describes, compares bytes and hashes, writes THEIRS.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  Account, Asset, Claimant, Keypair, Memo, MuxedAccount, Operation, TransactionBuilder, xdr,
} from '@stellar/stellar-sdk';

const { passphrase, transactions } = JSON.parse(readFileSync(process.env.OURS, 'utf8'));

const asset = (text) => (text === 'native' ? Asset.native() : new Asset(...text.split(':')));
const withAssets = ['asset', 'sendAsset', 'destAsset', 'selling', 'buying'];

function predicate(told) {
  if (told.unconditional) return Claimant.predicateUnconditional();
  if (told.absolute) return Claimant.predicateBeforeAbsoluteTime(told.absolute);
  if (told.relative) return Claimant.predicateBeforeRelativeTime(told.relative);
  if (told.not) return Claimant.predicateNot(predicate(told.not));
  return told.and
    ? Claimant.predicateAnd(...told.and.map(predicate))
    : Claimant.predicateOr(...told.or.map(predicate));
}

function operation({ call, with: told }) {
  const options = { ...told };
  withAssets.filter((name) => name in options).forEach((name) => { options[name] = asset(options[name]); });
  if (options.path) options.path = options.path.map(asset);
  if (call === 'manageData' && options.value !== null) options.value = Buffer.from(options.value, 'base64');
  if (options.claimants) {
    options.claimants = options.claimants.map((one) => new Claimant(one.destination, predicate(one.predicate)));
  }
  return Operation[call](options);
}

function memo(told) {
  if (!told) return Memo.none();
  const [kind] = Object.keys(told);
  return Memo[kind](told[kind]);
}

function account(source, sequence) {
  return source.startsWith('M')
    ? MuxedAccount.fromAddress(source, sequence)
    : new Account(source, sequence);
}

function build(told) {
  const builder = new TransactionBuilder(account(told.source, told.sequence), {
    fee: told.fee,
    networkPassphrase: passphrase,
    memo: memo(told.memo),
    timebounds: told.timebounds,
    ledgerbounds: told.ledgerbounds,
    minAccountSequence: told.minAccountSequence,
    minAccountSequenceAge: told.minAccountSequenceAge === undefined ? undefined : BigInt(told.minAccountSequenceAge),
    minAccountSequenceLedgerGap: told.minAccountSequenceLedgerGap,
    extraSigners: told.extraSigners,
  });
  told.operations.forEach((one) => builder.addOperation(operation(one)));
  const transaction = builder.build();
  transaction.sign(Keypair.fromSecret(told.secret));
  return transaction;
}

function check(transaction, { hash, envelope }) {
  assert.equal(transaction.toEnvelope().toXDR('base64'), envelope);
  assert.equal(transaction.hash().toString('hex'), hash);
  const decoded = TransactionBuilder.fromXDR(envelope, passphrase);
  assert.equal(decoded.toEnvelope().toXDR('base64'), envelope);
  assert.equal(decoded.hash().toString('hex'), hash);
  assert.equal(xdr.TransactionEnvelope.fromXDR(envelope, 'base64').toXDR('base64'), envelope);
}

test('the same bytes and the same hashes', () => {
  const theirs = transactions.map((told, seed) => {
    try {
      const inner = build(told);
      check(inner, told);
      if (!told.bump) return inner.toEnvelope().toXDR('base64');
      const key = Keypair.fromSecret(told.bump.secret);
      const bump = TransactionBuilder.buildFeeBumpTransaction(key, told.bump.fee, inner, passphrase);
      bump.sign(key);
      check(bump, told.bump);
      return bump.toEnvelope().toXDR('base64');
    } catch (error) {
      error.message = `seed ${seed}, ${JSON.stringify(told.operations).slice(0, 600)}: ${error.message}`;
      throw error;
    }
  });
  assert.equal(theirs.length, transactions.length);
  writeFileSync(process.env.THEIRS, JSON.stringify(theirs));
});
