using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of a payment link: <c>plink_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.PaymentLinkId")]
public readonly record struct PaymentLinkId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "plink_";

    private PaymentLinkId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static PaymentLinkId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static PaymentLinkId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "payment link"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PaymentLinkId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new PaymentLinkId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
