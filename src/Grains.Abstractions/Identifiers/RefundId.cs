using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StellarPay.Grains.Identifiers;

/// <summary>
/// The id of a refund: <c>re_</c>, the 24 characters of its session, and two digits that count the session's refunds. So whoever has it
/// knows whom to ask.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.RefundId")]
public readonly record struct RefundId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "re_";

    /// <summary>The most refunds of a session.</summary>
    public const int MostOfSession = 99;

    private const int Digits = 2;

    private RefundId(string value) => Value = value;

    /// <summary>The id as it is written in JSON and URLs.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>The session whose refund it is.</summary>
    public PaymentSessionId Session => PaymentSessionId.Parse(PaymentSessionId.Prefix + Value[Prefix.Length..^Digits]);

    /// <summary>Which of the session's it is, from 1.</summary>
    public int Number => int.Parse(Value.AsSpan()[^Digits..], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The id of a session's refund.</summary>
    /// <param name="session">The session.</param>
    /// <param name="number">Which of its refunds: 1 to <see cref="MostOfSession"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public static RefundId Of(PaymentSessionId session, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MostOfSession);
        return new(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{session.Value[PaymentSessionId.Prefix.Length..]}{number:00}"));
    }

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static RefundId Parse(string? text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"Not a refund id: expected '{Prefix}', {PrefixedId.BodyLength} characters of [0-9a-z] and two digits.");

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RefundId id)
    {
        var valid = text?.Length == Prefix.Length + PrefixedId.BodyLength + Digits
            && text[^Digits..].All(char.IsAsciiDigit) && !text.EndsWith("00", StringComparison.Ordinal)
            && PrefixedId.IsValid(text[..^Digits], Prefix);
        id = valid ? new RefundId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
