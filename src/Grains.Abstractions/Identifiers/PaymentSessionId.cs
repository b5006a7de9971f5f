using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>
/// The id of a payment session: <c>pay_</c> and 24 characters, sortable by the time it was made. It is the text memo by which it is paid.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.PaymentSessionId")]
public readonly record struct PaymentSessionId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "pay_";

    private PaymentSessionId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static PaymentSessionId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static PaymentSessionId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "payment session"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentSessionId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new PaymentSessionId(text!) : default;
        return valid;
    }

    /// <summary>
    /// The number that names the same session in a muxed address or an id memo (SEP-23): the id's first 64 bits, 48 of Unix time in
    /// milliseconds and 16 random ones. Positive until the year 6429.
    /// </summary>
    public long Number => PrefixedId.LeadingBits(Value, Prefix);

    /// <inheritdoc />
    public override string ToString() => Value;
}
