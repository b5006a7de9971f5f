using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>How Horizon writes amounts, times, prices, accounts and 64-bit numbers: as strings.</summary>
internal static class HorizonJson
{
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false,
    };

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(ulong unixSeconds) => DateTimeOffset.FromUnixTimeSeconds((long)unixSeconds);

    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, Time(time));

    public static void WriteAmount(this Utf8JsonWriter json, string name, long stroops) =>
        json.WriteString(name, StellarAmount.Format(stroops));

    public static void WriteDecimal(this Utf8JsonWriter json, string name, long number) =>
        json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));

    public static void WriteDecimal(this Utf8JsonWriter json, string name, ulong number) =>
        json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A price in both of Horizon's forms: a decimal string and a fraction.</summary>
    public static void WritePrice(this Utf8JsonWriter json, string name, int n, int d)
    {
        json.WriteString(name, PriceText(n, d));
        json.WriteStartObject(name + "_r");
        json.WriteNumber("n", n);
        json.WriteNumber("d", d);
        json.WriteEndObject();
    }

    /// <summary>Seven places, rounded half away from zero.</summary>
    public static string PriceText(BigInteger n, BigInteger d) =>
        AmountText(d.IsZero ? 0 : ((n * StellarAmount.StroopsPerUnit * 2) + d) / (d * 2));

    /// <summary>For sums, which can be more than one balance can be.</summary>
    public static string AmountText(BigInteger stroops)
    {
        var (units, rest) = BigInteger.DivRem(stroops, StellarAmount.StroopsPerUnit);
        return string.Create(CultureInfo.InvariantCulture, $"{units}.{(long)rest:D7}");
    }

    /// <summary>The account; for a muxed one also its M-address and id.</summary>
    public static void WriteMuxed(this Utf8JsonWriter json, string name, MuxedAccount account)
    {
        json.WriteString(name, account.AccountId.ToString());
        if (account.Id is { } id)
        {
            json.WriteString(name + "_muxed", account.ToString());
            json.WriteDecimal(name + "_muxed_id", id);
        }
    }

    public static void WriteFlags(
        this Utf8JsonWriter json, string prefix, uint flags, IReadOnlyList<(uint Flag, string Name)> names)
    {
        if (flags == 0)
        {
            return;
        }

        json.WriteStartArray(prefix + "_flags");
        foreach (var (flag, _) in names)
        {
            if ((flags & flag) != 0)
            {
                json.WriteNumberValue(flag);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray(prefix + "_flags_s");
        foreach (var (flag, name) in names)
        {
            if ((flags & flag) != 0)
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
    }
}
