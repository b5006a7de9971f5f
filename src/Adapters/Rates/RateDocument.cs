using System.Globalization;
using System.Text.Json;

namespace StellarPay.Adapters.Rates;

/// <summary>What a source answered, read strictly: what is not plainly a rate is none.</summary>
internal static class RateDocument
{
    // So much that a decimal holds it to the last digit.
    private const int MaxDigits = 28;

    // Nothing that anybody asks to be paid in is beyond these, and what is computed with them cannot overflow.
    private const decimal Least = 0.000_000_001m;
    private const decimal Most = 1_000_000_000m;

    // Their clock may be before ours by so much.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <exception cref="RateSourceException">It is no such document.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Readable(() => JsonDocument.Parse(body, Strict));
        }
        catch (JsonException exception)
        {
            throw new RateSourceException("The answer is no JSON.", exception) { IsOfName = true };
        }
    }

    /// <summary>The rate, in dollars for a unit.</summary>
    /// <exception cref="RateSourceException">There is none.</exception>
    public static decimal DollarsOf(JsonElement document, RatePath path, bool perDollar)
    {
        var text = Find(document, path) switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } words => TextOf(words),
            _ => throw Refused("There is no number where the rate should be."),
        };
        if (!TryParse(text, out var value) || value is < Least or > Most)
        {
            throw Refused("What stands there for the rate is no decimal number above zero.");
        }

        return perDollar ? 1 / value : value;
    }

    /// <summary>How old the rate is by what the source says.</summary>
    /// <exception cref="RateSourceException">It does not say, or says something impossible.</exception>
    public static TimeSpan AgeOf(JsonElement document, RatePath path, DateTimeOffset now)
    {
        var at = Find(document, path) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var seconds) && seconds is >= 0 and < 253_402_300_800 =>
                DateTimeOffset.FromUnixTimeSeconds(seconds),
            { ValueKind: JsonValueKind.String } words when TryReadTime(words, out var time) => time,
            _ => throw Refused("There is no time where the rate's should be."),
        };
        return at <= now ? now - at
            : at - now <= Ahead ? TimeSpan.Zero
            : throw Refused("The rate is of a time that is yet to come.");
    }

    // Digits and at most one point between them: no sign, no exponent, no group of thousands.
    internal static bool TryParse(string text, out decimal value)
    {
        value = 0;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return text.Length > 0 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
            && text.Length - (point < 0 ? 0 : 1) <= MaxDigits
            && text.Select((letter, at) => char.IsAsciiDigit(letter) || at == point).All(isRight => isRight)
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    private static RateSourceException Refused(string message) => new(message) { IsOfName = true };

    // A document may be well-formed and its texts no text: a lone surrogate, or bytes that are no UTF-8. What reads them throws then.
    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw new RateSourceException("A text in the answer is no Unicode.", exception) { IsOfName = true };
        }
    }

    private static JsonElement? Find(JsonElement document, RatePath path) => Readable(() => path.Find(document));

    private static string TextOf(JsonElement words) => Readable(() => words.GetString()!);

    private static bool TryReadTime(JsonElement words, out DateTimeOffset time)
    {
        (var isTime, time) = Readable(() => (words.TryGetDateTimeOffset(out var read), read));
        return isTime;
    }
}
