using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Transactions;

/// <summary>How <see cref="Inspect"/> shows values that occur in many places.</summary>
internal static class InspectText
{
    // 9999-12-31T23:59:59Z, the last second that .NET can show.
    private const long LastShownSecond = 253_402_300_799;

    public static JsonArray Array<T>(ValueList<T> items, Func<T, JsonNode?> of)
    {
        var array = new JsonArray();
        foreach (var item in items.AsSpan())
            array.Add(of(item));
        return array;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Amount(long stroops) => StellarAmount.Format(stroops);

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static JsonObject Price(Price price) => new() { ["n"] = price.N, ["d"] = price.D };

    public static JsonNode? Text(XdrString? text)
    {
        if (text is not { } given)
            return null;
        return IsHonest(given) ? given.ToString() : new JsonObject { ["hex"] = given.Bytes.ToString() };
    }

    public static JsonArray Flags<T>(uint flags)
        where T : struct, Enum
    {
        var array = new JsonArray();
        for (var bit = 1u; bit != 0; bit <<= 1)
        {
            if ((flags & bit) == 0)
                continue;
            var name = Enum.GetName((T)Enum.ToObject(typeof(T), bit));
            array.Add(name is null ? $"0x{bit:x}" : JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        }

        return array;
    }

    public static string Signer(SignerKey key) =>
        key.Type == CryptoKeyType.Ed25519SignedPayload && key.Payload.Length == 0
            ? $"signed payload of {new AccountId(key.Key)} without a payload"
            : key.ToStrKey();

    public static JsonObject Memo(Memo memo)
    {
        var json = new JsonObject { ["type"] = Name(memo.Type) };
        switch (memo)
        {
            case MemoText text:
                json["value"] = Text(text.Text);
                break;
            case MemoId id:
                json["value"] = Number(id.Id);
                break;
            case MemoHash hash:
                json["value"] = hash.Hash.ToString();
                break;
            case MemoReturn hash:
                json["value"] = hash.Hash.ToString();
                break;
        }

        return json;
    }

    public static JsonObject? Conditions(Preconditions conditions)
    {
        var json = new JsonObject();
        if (conditions.TimeBounds is { } time)
            json["time_bounds"] = new JsonObject { ["min_time"] = Time(time.MinTime), ["max_time"] = Time(time.MaxTime) };
        if (conditions.LedgerBounds is { } ledgers)
            json["ledger_bounds"] = Ledgers(ledgers);
        if (conditions.MinSequence is { } sequence)
            json["min_sequence"] = Number(sequence);
        if (conditions.MinSequenceAge != 0)
            json["min_sequence_age_seconds"] = Number(conditions.MinSequenceAge);
        if (conditions.MinSequenceLedgerGap != 0)
            json["min_sequence_ledger_gap"] = conditions.MinSequenceLedgerGap;
        if (conditions.ExtraSigners.Count != 0)
            json["extra_signers"] = Array(conditions.ExtraSigners, key => Signer(key));
        return json.Count == 0 ? null : json;
    }

    public static JsonObject Predicate(ClaimPredicate predicate)
    {
        var json = new JsonObject { ["type"] = Name(predicate.Type) };
        switch (predicate)
        {
            case ClaimAnd and:
                json["operands"] = Array(and.Operands, Predicate);
                break;
            case ClaimOr or:
                json["operands"] = Array(or.Operands, Predicate);
                break;
            case ClaimNot not:
                json["operand"] = not.Operand is null ? null : Predicate(not.Operand);
                break;
            case ClaimBeforeAbsoluteTime before:
                json["time"] = before.UnixSeconds < 0 ? Number(before.UnixSeconds) : Time((ulong)before.UnixSeconds);
                break;
            case ClaimBeforeRelativeTime before:
                json["seconds"] = Number(before.Seconds);
                break;
        }

        return json;
    }

    // 0 as a maximum means that there is none.
    private static JsonObject Ledgers(LedgerBounds bounds) => new()
    {
        ["min_ledger"] = bounds.MinLedger,
        ["max_ledger"] = bounds.MaxLedger == 0 ? null : bounds.MaxLedger,
    };

    private static JsonNode? Time(ulong seconds)
    {
        if (seconds == 0)
            return null;
        var json = new JsonObject { ["unix"] = Number(seconds) };
        if (seconds <= LastShownSecond)
        {
            json["utc"] = DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return json;
    }

    private static bool IsHonest(XdrString text)
    {
        if (!text.IsUtf8)
            return false;
        foreach (var rune in text.ToString().EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }
        }

        return true;
    }
}
