using System.Text.Json.Nodes;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Conformance.Tests.Transactions;

/// <summary>A value of ours with what tells the other SDK the same.</summary>
internal readonly record struct Told<T>(T Value, JsonNode? Json);

/// <summary>Random values, the same for the same seed; the edges of each type come often.</summary>
internal sealed class RandomValues(int seed)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Repeatable, and of no use to an attacker: these sign nothing that exists.
    private readonly Random _random = new(seed);

    public bool Maybe() => _random.Next(2) == 0;

    public int Below(int count) => _random.Next(count);

    public byte[] Some(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    public string Text(int least, int most) =>
        string.Concat(Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => Letters[Below(Letters.Length)]));

    public long Whole(long least = 0) => Below(6) switch
    {
        0 => least,
        1 => long.MaxValue,
        2 => _random.NextInt64(least, 1_000),
        _ => _random.NextInt64(least, long.MaxValue),
    };

    public uint Small(uint most) => (uint)_random.NextInt64(0, (long)most + 1);

    public Told<long> Number(long least = 0)
    {
        var value = Whole(least);
        return new(value, Invariant(value));
    }

    public Told<long> Amount(long least = 0)
    {
        var value = Whole(least);
        return new(value, StellarAmount.Format(value));
    }

    public Told<AccountId> Account()
    {
        var account = new AccountId(Some(32));
        return new(account, account.ToString());
    }

    public Told<MuxedAccount> Muxed()
    {
        var account = new MuxedAccount(new AccountId(Some(32)), Maybe() ? (ulong)_random.NextInt64() : null);
        return new(account, account.ToString());
    }

    public Told<Hash> Hash()
    {
        var hash = new Hash(Some(32));
        return new(hash, hash.ToString());
    }

    public Told<ClaimableBalanceId> BalanceId()
    {
        var id = new ClaimableBalanceId(new Hash(Some(32)));
        return new(id, id.ToString());
    }

    public Told<Asset> Credit()
    {
        var asset = Asset.Credit(Text(1, 12), new AccountId(Some(32)));
        return new(asset, asset.ToString());
    }

    public Told<Asset> AnyAsset() => Maybe() ? Credit() : new(Asset.Native, "native");

    public Told<Price> Price()
    {
        var price = new Price(_random.Next(1, int.MaxValue), _random.Next(1, int.MaxValue));
        return new(price, new JsonObject { ["n"] = price.N, ["d"] = price.D });
    }

    public Told<SignerKey> Signer()
    {
        var key = Below(4) switch
        {
            0 => SignerKey.Ed25519(new AccountId(Some(32))),
            1 => SignerKey.PreAuthTx(new Hash(Some(32))),
            2 => SignerKey.HashX(new Hash(Some(32))),
            _ => SignerKey.SignedPayload(new AccountId(Some(32)), Bytes.Create(Some(1 + Below(64)))),
        };
        return new(key, new JsonObject
        {
            [key.Type switch
            {
                CryptoKeyType.Ed25519 => "ed25519PublicKey",
                CryptoKeyType.PreAuthTx => "preAuthTx",
                CryptoKeyType.HashX => "sha256Hash",
                _ => "ed25519SignedPayload",
            }] = key.Type is CryptoKeyType.PreAuthTx or CryptoKeyType.HashX ? key.Key.ToString() : key.ToStrKey(),
        });
    }

    public Told<ClaimPredicate> Predicate(int depth = 0)
    {
        switch (Below(depth < 3 ? 6 : 3))
        {
            case 0:
                return new(ClaimUnconditional.Instance, new JsonObject { ["unconditional"] = true });
            case 1:
                var absolute = Whole();
                return new(
                    new ClaimBeforeAbsoluteTime(absolute), new JsonObject { ["absolute"] = Invariant(absolute) });
            case 2:
                var relative = Whole();
                return new(
                    new ClaimBeforeRelativeTime(relative), new JsonObject { ["relative"] = Invariant(relative) });
            case 3:
                var inner = Predicate(depth + 1);
                return new(new ClaimNot(inner.Value), new JsonObject { ["not"] = inner.Json });
            case var kind:
                var (left, right) = (Predicate(depth + 1), Predicate(depth + 1));
                ValueList<ClaimPredicate> operands = [left.Value, right.Value];
                return new(
                    kind == 4 ? new ClaimAnd(operands) : new ClaimOr(operands),
                    new JsonObject { [kind == 4 ? "and" : "or"] = new JsonArray(left.Json, right.Json) });
        }
    }

    public List<Told<T>> Many<T>(int least, int most, Func<Told<T>> one) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => one())];

    public static string Invariant(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static JsonArray Tell<T>(IEnumerable<Told<T>> items) => [.. items.Select(item => item.Json)];
}
