using System.Text.Json.Nodes;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Conformance.Tests.Transactions;

/// <summary>Random signed transactions, each with what the JS SDK needs to build and sign the same.</summary>
internal static class RandomTransactions
{
    public static Told<TransactionEnvelope> Make(int seed, StellarNetwork network)
    {
        var random = new RandomValues(seed);
        var secret = random.Some(32);
        using var key = SigningKey.FromSeed(secret);
        var source = new MuxedAccount(key.AccountId, random.Maybe() ? (ulong)random.Whole() : null);
        var sequence = Math.Max(1, random.Whole(1));
        var fee = 100 + (long)random.Small(10_000);
        var told = new JsonObject
        {
            ["secret"] = StrKey.Encode(StrKeyKind.SecretSeed, secret),
            ["source"] = source.ToString(),
            ["sequence"] = RandomValues.Invariant(sequence - 1),
            ["fee"] = RandomValues.Invariant(fee),
        };
        var builder = new TransactionBuilder(source, sequence).WithBaseFee(fee).WithMemo(Memo(random, told));
        Preconditions(random, told, builder);
        Operations(seed, random, told, builder);
        var inner = builder.Build().Sign(network, key);
        told["hash"] = inner.HashOn(network).ToString();
        told["envelope"] = inner.ToXdrBase64();
        return random.Below(4) == 0 ? Bump(random, told, inner, fee, network) : new(inner, told);
    }

    private static Memo Memo(RandomValues random, JsonObject told)
    {
        var (memo, json) = random.Below(5) switch
        {
            0 => (Stellar.Xdr.Memo.None, (JsonNode?)null),
            1 => Text(random.Text(0, 28)),
            2 => Id((ulong)random.Whole()),
            3 => (new MemoHash(new Hash(random.Some(32))), null),
            _ => (new MemoReturn(new Hash(random.Some(32))), null),
        };
        told["memo"] = (memo, json) switch
        {
            (MemoHash hash, _) => new JsonObject { ["hash"] = hash.Hash.ToString() },
            (MemoReturn hash, _) => new JsonObject { ["return"] = hash.Hash.ToString() },
            _ => json,
        };
        return memo;

        static (Memo, JsonNode?) Text(string text) => (new MemoText(text), new JsonObject { ["text"] = text });

        static (Memo, JsonNode?) Id(ulong id) =>
            (new MemoId(id), new JsonObject { ["id"] = id.ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    private static void Preconditions(RandomValues random, JsonObject told, TransactionBuilder builder)
    {
        var bounds = new TimeBounds((ulong)random.Small(1_000_000), (ulong)random.Small(1_000_000) + 1_000_000);
        builder.WithTimeBounds(bounds);
        told["timebounds"] = new JsonObject
        {
            ["minTime"] = RandomValues.Invariant((long)bounds.MinTime),
            ["maxTime"] = RandomValues.Invariant((long)bounds.MaxTime),
        };
        if (random.Maybe())
        {
            return;
        }

        var (low, high) = (random.Small(1_000), 1_000 + random.Small(1_000));
        builder.WithLedgerBounds(low, high);
        told["ledgerbounds"] = new JsonObject { ["minLedger"] = low, ["maxLedger"] = high };
        // The JS SDK cannot leave this one out: without it, it writes a minimum of zero, which is another thing.
        var minimum = random.Number();
        builder.WithMinSequence(minimum.Value);
        told["minAccountSequence"] = minimum.Json;
        var (age, gap) = (random.Small(100_000), random.Small(100_000));
        builder.WithMinSequenceAge(TimeSpan.FromSeconds(age)).WithMinSequenceLedgerGap(gap);
        told["minAccountSequenceAge"] = age;
        told["minAccountSequenceLedgerGap"] = gap;
        var signers = random.Many(0, 2, random.Signer);
        signers.ForEach(signer => builder.WithExtraSigner(signer.Value));
        told["extraSigners"] = new JsonArray([.. signers.Select(signer => (JsonNode)signer.Value.ToStrKey())]);
    }

    /// <summary>Every kind comes in turn, and more of any kind beside it.</summary>
    private static void Operations(int seed, RandomValues random, JsonObject told, TransactionBuilder builder)
    {
        var operations = new JsonArray();
        var more = random.Below(4);
        for (var i = 0; i <= more; i++)
        {
            var kind = i == 0 ? seed % RandomOperations.Kinds.Count : random.Below(RandomOperations.Kinds.Count);
            var operation = RandomOperations.Kinds[kind](random);
            var source = random.Maybe() ? random.Muxed() : (Told<MuxedAccount>?)null;
            builder.Add(new Operation(source?.Value, operation.Value));
            if (source is { } own)
            {
                operation.Json!["with"]!["source"] = own.Json;
            }

            operations.Add(operation.Json);
        }

        told["operations"] = operations;
    }

    private static Told<TransactionEnvelope> Bump(
        RandomValues random, JsonObject told, TransactionV1Envelope inner, long innerFee, StellarNetwork network)
    {
        var secret = random.Some(32);
        using var key = SigningKey.FromSeed(secret);
        var fee = innerFee + random.Small(10_000);
        var bump = FeeBump.Wrap(inner, key.AccountId, fee).Sign(network, key);
        told["bump"] = new JsonObject
        {
            ["secret"] = StrKey.Encode(StrKeyKind.SecretSeed, secret),
            ["fee"] = RandomValues.Invariant(fee),
            ["hash"] = bump.HashOn(network).ToString(),
            ["envelope"] = bump.ToXdrBase64(),
        };
        return new(bump, told);
    }
}
